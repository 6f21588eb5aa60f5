using Gim.Config;
using Gim.Evaluate;
using Spectre.Console;

namespace Gim.Report;

/// <summary>The figures of a language-model run as a table for people.</summary>
internal static class LanguageModelTable
{
    public static void Write(LanguageModelSummary summary, IAnsiConsole console)
    {
        bool perplexity = summary.Models.Any(model => model.Perplexity is not null);
        // No lines between columns, and nothing wraps: the table fits a terminal of 80 columns.
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        table.AddColumn(new TableColumn("model").NoWrap().PadLeft(0));
        foreach (string column in (string[])["recall@1", "with ties", "recall@5", "mean n", "no match"])
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap().PadLeft(0));
        if (perplexity)
            table.AddColumn(new TableColumn("perplexity").RightAligned().NoWrap().PadLeft(0));
        else
            table.AddColumn(new TableColumn("per s").RightAligned().NoWrap().PadLeft(0));
        foreach (ModelScore model in summary.Models)
        {
            List<string> row =
            [
                model.Name, Percent(model.Recall1), Percent(model.Recall1Equal), Percent(model.Recall5),
                $"{model.MeanEffectiveN:F2}", Percent(model.Unanswered),
            ];
            if (perplexity)
                row.Add($"{model.Perplexity:N0}");
            else
                row.Add($"{model.ExamplesPerSecond:N0}");
            table.AddRow([.. row]);
        }
        console.Write(table);
        foreach (ModelScore model in summary.Models.Where(model => model.Name == ModelNames.Gim))
            WriteSources(model, console);
        console.WriteLine(
            $"{summary.Test.Examples:N0} of {summary.Test.AvailableExamples:N0} examples; the next token occurs in the context in {Percent(summary.Test.TargetInContext)}.");
        console.WriteLine(
            "with ties: right if no token was likelier. mean n: tokens matched.");
        console.WriteLine(
            $"reference {summary.Reference.Tokens:N0} tokens, test {summary.Test.Tokens:N0} ({summary.Tokenizer}); {summary.Device}, {summary.Threads} {(summary.Threads == 1 ? "thread" : "threads")}, {summary.ElapsedSeconds:F1} s.");
    }

    /// <summary>Who answered for a model, how often, and how often rightly.</summary>
    private static void WriteSources(ModelScore model, IAnsiConsole console)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        table.AddColumn(new TableColumn($"{model.Name} answered by").NoWrap().PadLeft(0));
        foreach (string column in (string[])["share", "recall@1", "with ties", "recall@5", "mean n"])
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap().PadLeft(0));
        int all = model.BySource.Values.Sum(source => source.Examples);
        foreach (var (name, source) in model.BySource)
        {
            table.AddRow(
                name, Percent((double)source.Examples / all), Percent(source.Recall1), Percent(source.Recall1Equal), Percent(source.Recall5), $"{source.MeanEffectiveN:F2}");
        }
        console.Write(table);
    }

    private static string Percent(double fraction) => $"{100 * fraction:F1} %";
}

using Gim.Evaluate;
using Spectre.Console;

namespace Gim.Report;

/// <summary>The figures of a language-model run as a table for people.</summary>
internal static class LanguageModelTable
{
    public static void Write(LanguageModelSummary summary, IAnsiConsole console)
    {
        bool perplexity = summary.Models.Any(model => model.Perplexity is not null);
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumn("model");
        foreach (string column in (string[])["recall@1", "recall@1 =", "recall@5", "effective n", "no match"])
            table.AddColumn(new TableColumn(column).RightAligned());
        if (perplexity)
            table.AddColumn(new TableColumn("perplexity").RightAligned());
        table.AddColumn(new TableColumn("predictions/s").RightAligned());
        foreach (ModelScore model in summary.Models)
        {
            List<string> row =
            [
                model.Name, Percent(model.Recall1), Percent(model.Recall1Equal), Percent(model.Recall5),
                $"{model.MeanEffectiveN:F2}", Percent(model.Unanswered),
            ];
            if (perplexity)
                row.Add($"{model.Perplexity:N1}");
            row.Add(model.ExamplesPerSecond is { } rate ? $"{rate:N0}" : "");
            table.AddRow([.. row]);
        }
        console.Write(table);
        console.WriteLine(
            $"{summary.Test.Examples:N0} of {summary.Test.AvailableExamples:N0} examples; in {summary.Test.TargetInContext:P1} of them the next token occurs in the context.");
        console.WriteLine(
            $"reference {summary.Reference.Tokens:N0} tokens, test {summary.Test.Tokens:N0} tokens ({summary.Tokenizer}); {summary.Device}, {summary.Threads} threads, {summary.ElapsedSeconds:F1} s.");
    }

    private static string Percent(double fraction) => $"{100 * fraction:F1} %";
}

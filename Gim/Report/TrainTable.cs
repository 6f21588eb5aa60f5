using Gim.Train;
using Spectre.Console;

namespace Gim.Report;

/// <summary>What a training run came to, as a table for people.</summary>
internal static class TrainTable
{
    public static void Write(TrainSummary summary, IAnsiConsole console)
    {
        if (summary.Validation.Count > 0)
        {
            Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
            table.AddColumn(new TableColumn("held-out text").NoWrap().PadLeft(0));
            foreach (string column in (string[])["recall@1", "with ties", "exact", "with ties", "gain", "loss"])
                table.AddColumn(new TableColumn(column).RightAligned().NoWrap().PadLeft(0));
            foreach (ValidationScore score in summary.Validation)
            {
                table.AddRow(
                    Markup.Escape(score.Set), Percent(score.Recall1), Percent(score.Recall1Equal), Percent(score.ExactRecall1), Percent(score.ExactRecall1Equal),
                    $"{100 * (score.Recall1Equal - score.ExactRecall1Equal):+0.0;-0.0;0.0}", $"{score.Loss:F3}");
            }
            console.Write(table);
            console.WriteLine("exact: exact induction on the same examples. gain: of the similarity model, with ties, in points. loss: at the temperature in use.");
        }
        string threshold = summary.Threshold is { } value ? $", threshold {value}" : "";
        console.WriteLine(
            $"{summary.Parameters:N0} parameters, {summary.Steps:N0} {(summary.Steps == 1 ? "step" : "steps")}{(summary.EndedEarly ? " (ended early)" : "")}, {Quantity.Amount(summary.TokensSeen, "tokens")} in {Quantity.Duration(TimeSpan.FromSeconds(summary.ElapsedSeconds))} ({Quantity.Rate(summary.TokensPerSecond, "tokens")}); {summary.Device}, {summary.Threads} {(summary.Threads == 1 ? "thread" : "threads")}.");
        console.WriteLine(
            $"model {summary.Model}: weights of step {summary.BestStep:N0}, temperature {summary.Temperature:G4}{threshold}, {Quantity.Amount(summary.ModelBytes, "bytes")}.");
    }

    private static string Percent(double fraction) => $"{100 * fraction:F1} %";
}

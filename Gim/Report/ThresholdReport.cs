using CsvHelper;
using Gim.Evaluate;
using Gim.Files;

namespace Gim.Report;

/// <summary>How GIM's τ was chosen: a table and a picture in the run's folder.</summary>
internal static class ThresholdReport
{
    public const string TableName = "threshold.csv", PlotName = "threshold.svg";

    /// <summary>What stands for the τ that no match reaches.</summary>
    public const string Never = "never";

    private static readonly CsvWriterOptions WriterOptions = new() { NewLine = "\n" };

    public static IReadOnlyList<string> Columns { get; } = ["threshold", "recall1", "recall1Equal", "infinigram", "exactInduction", "fuzzyInduction"];

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, ThresholdTable table)
    {
        using (OutputFile file = OutputFile.Create(folder.File(TableName)))
        {
            using (CsvWriter csv = CsvWriter.Create(file.Stream, WriterOptions, true))
            {
                csv.WriteRecord([.. Columns]);
                foreach (ThresholdRow row in table.Rows)
                {
                    if (row.IsNever) csv.WriteField(Never);
                    else csv.WriteField(row.Threshold);
                    foreach (double value in (ReadOnlySpan<double>)[row.Recall1, row.Recall1Equal, row.Infinigram, row.ExactInduction, row.FuzzyInduction])
                        csv.WriteField(value);
                    csv.EndRecord();
                }
            }
            file.Commit();
        }
        OutputFile.WriteAllText(folder.File(PlotName), ThresholdPlot.Draw(table));
    }
}

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

    public static IReadOnlyList<string> Columns { get; } = ["threshold", "recall1", "recall1Equal", "infinigram", "exactInduction", "fuzzyInduction"];

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, ThresholdTable table)
    {
        CsvOutput.Write(folder.File(TableName), Columns, csv =>
        {
            foreach (ThresholdRow row in table.Rows)
                Write(csv, row);
        });
        OutputFile.WriteAllText(folder.File(PlotName), ThresholdPlot.Draw(table));
    }

    /// <summary>Writes the <see cref="Columns"/> of a row.</summary>
    public static void Write(CsvWriter csv, ThresholdRow row)
    {
        if (row.IsNever) csv.WriteField(Never);
        else csv.WriteField(row.Threshold);
        csv.WriteValues(row.Recall1, row.Recall1Equal, row.Infinigram, row.ExactInduction, row.FuzzyInduction);
    }
}

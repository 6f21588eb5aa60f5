using CsvHelper;
using Gim.Evaluate;
using Gim.Files;
using Gim.Train;

namespace Gim.Report;

/// <summary>How a trained model's temperature and threshold were chosen: tables in the run's folder.</summary>
internal static class CalibrationReport
{
    public const string VoteTable = "votes.csv", ThresholdTable = "threshold.csv", RuleTable = "rules.csv";

    private static readonly CsvWriterOptions WriterOptions = new() { NewLine = "\n" };

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, CalibrationResult calibration)
    {
        WriteRules(folder, calibration);
        Write(folder.File(VoteTable), ["set", "inverseTemperature", "matchBonus", "recency", "loss", "recall1"], csv =>
        {
            foreach (VoteRow row in calibration.Votes)
                Row(csv, row.Set, row.Settings.InverseTemperature, row.Settings.MatchBonus, row.Settings.Recency, row.Loss, row.Recall1);
        });
        Write(folder.File(ThresholdTable), ["set", .. ThresholdReport.Columns], csv =>
        {
            foreach (var (set, table) in calibration.Thresholds)
            {
                foreach (ThresholdRow row in table.Rows)
                {
                    csv.WriteField(set);
                    if (row.IsNever) csv.WriteField(ThresholdReport.Never);
                    else csv.WriteField(row.Threshold);
                    Values(csv, row.Recall1, row.Recall1Equal, row.Infinigram, row.ExactInduction, row.FuzzyInduction);
                }
            }
        });
    }

    private static void WriteRules(RunFolder folder, CalibrationResult calibration)
        => Write(folder.File(RuleTable), ["set", "examples", "infinigram", "exactInduction", "fuzzyInduction", "gimThreshold", "gimConfidence"], csv =>
        {
            foreach (RuleRow row in calibration.Rules)
                Row(csv, row.Set, row.Examples, row.Infinigram, row.ExactInduction, row.FuzzyInduction, row.Threshold, row.Confidence);
        });

    private static void Write(string path, string[] columns, Action<CsvWriter> rows)
    {
        using OutputFile file = OutputFile.Create(path);
        using (CsvWriter csv = CsvWriter.Create(file.Stream, WriterOptions, true))
        {
            csv.WriteRecord(columns);
            rows(csv);
        }
        file.Commit();
    }

    private static void Row(CsvWriter csv, string set, params ReadOnlySpan<double> values)
    {
        csv.WriteField(set);
        Values(csv, values);
    }

    private static void Values(CsvWriter csv, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            csv.WriteField(value);
        csv.EndRecord();
    }
}

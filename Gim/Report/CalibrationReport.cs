using Gim.Evaluate;
using Gim.Files;
using Gim.Train;

namespace Gim.Report;

/// <summary>How a trained model's settings were chosen: tables in the run's folder.</summary>
internal static class CalibrationReport
{
    public const string VoteTable = "votes.csv", ThresholdTable = "threshold.csv", RuleTable = "rules.csv";

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, CalibrationResult calibration)
    {
        CsvOutput.Write(folder.File(VoteTable), ["set", "inverseTemperature", "matchBonus", "recency", "loss", "recall1"], csv =>
        {
            foreach (VoteRow row in calibration.Votes)
            {
                csv.WriteField(row.Set);
                csv.WriteValues(row.Settings.InverseTemperature, row.Settings.MatchBonus, row.Settings.Recency, row.Loss, row.Recall1);
            }
        });
        CsvOutput.Write(folder.File(ThresholdTable), ["set", .. ThresholdReport.Columns], csv =>
        {
            foreach (var (set, table) in calibration.Thresholds)
            {
                foreach (ThresholdRow row in table.Rows)
                {
                    csv.WriteField(set);
                    ThresholdReport.Write(csv, row);
                }
            }
        });
        CsvOutput.Write(folder.File(RuleTable), ["set", "examples", "infinigram", "exactInduction", "fuzzyInduction", "gimThreshold", "gimConfidence"], csv =>
        {
            foreach (RuleRow row in calibration.Rules)
            {
                csv.WriteField(row.Set);
                csv.WriteValues(row.Examples, row.Infinigram, row.ExactInduction, row.FuzzyInduction, row.Threshold, row.Confidence);
            }
        });
    }
}

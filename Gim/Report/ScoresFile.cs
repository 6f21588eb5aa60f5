using Gim.Files;
using Gim.Fmri.Models;
using Gim.Fmri.Scores;

namespace Gim.Report;

/// <summary><c>scores.csv</c> of an fmri run: a row for each set of features and target.</summary>
internal static class ScoresFile
{
    public const string FileName = "scores.csv";

    public static IReadOnlyList<string> Columns { get; } = ["subject", "feature_set", "target", "r", "p", "q", "alpha", "cv_r", "noise_ceiling", "normalized_r"];

    /// <param name="targets">The number of each target in the files.</param>
    /// <param name="ceilings">[targets]; null where test stories were not repeated.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, string subject, IReadOnlyList<SetScores> scores, IReadOnlyList<int> targets, float[]? ceilings) => CsvOutput.Write(path, Columns, csv =>
    {
        foreach (SetScores set in scores)
        {
            double[] q = FalseDiscovery.Adjust(set.PValues);
            float[]? normalized = ceilings is null ? null : NoiseCeiling.Normalize(set.Correlations, ceilings);
            for (int i = 0; i < targets.Count; i++)
            {
                csv.WriteField(subject);
                csv.WriteField(set.Name);
                csv.WriteField(targets[i]);
                csv.WriteField(set.Correlations[i]);
                csv.WriteValues(
                    set.PValues.Length > 0 ? set.PValues[i] : null, set.PValues.Length > 0 ? q[i] : null, set.Penalties[i], set.FoldCorrelations[i], ceilings is not null && float.IsFinite(ceilings[i]) ? ceilings[i] : null,
                    normalized is not null && float.IsFinite(normalized[i]) ? normalized[i] : null);
            }
        }
    });
}

using Gim.Files;
using Gim.Fmri.Models;

namespace Gim.Report;

/// <summary><c>penalties.csv</c> of an fmri run with banded ridge: the penalty of each kind of features in each set, for every target.</summary>
internal static class PenaltiesFile
{
    public const string FileName = "penalties.csv";

    public static IReadOnlyList<string> Columns { get; } = ["subject", "feature_set", "target", "features", "alpha"];

    /// <param name="targets">The number of each target in the files.</param>
    /// <param name="kinds">What the kinds of a set's features are called, in the order of their penalties.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(
        string path, string subject, IEnumerable<SetScores> scores, IReadOnlyList<int> targets, Func<SetScores, IReadOnlyList<string>> kinds) => CsvOutput.Write(path, Columns, csv =>
    {
        foreach (SetScores set in scores)
        {
            IReadOnlyList<string> names = kinds(set);
            for (int kind = 0; kind < (set.GroupPenalties?.Length ?? 0); kind++)
            {
                for (int i = 0; i < targets.Count; i++)
                {
                    csv.WriteField(subject);
                    csv.WriteField(set.Name);
                    csv.WriteField(targets[i]);
                    csv.WriteField(names[kind]);
                    csv.WriteField(set.GroupPenalties![kind][i]);
                    csv.EndRecord();
                }
            }
        }
    });
}

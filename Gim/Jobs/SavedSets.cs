using System.Text.Json;
using System.Text.Json.Serialization;
using Gim.Files;
using Gim.Fmri.Models;

namespace Gim.Jobs;

/// <summary>
/// The scores of a run's finished sets, a file each, so that an interrupted run goes on behind them. Those of other data or
/// settings are not taken.
/// </summary>
/// <param name="folder">Where they are kept while the run is not finished.</param>
/// <param name="fingerprint">Of everything that decides a score.</param>
internal sealed class SavedSets(string folder, string fingerprint)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // r of targets can be anything a float is.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The saved scores of a set; null where there are none that belong to this run.</summary>
    public SetScores? Find(int number, PlannedSet set, int targets)
    {
        string path = PathOf(number);
        if (!File.Exists(path)) return null;
        try
        {
            SavedSet? saved = JsonSerializer.Deserialize<SavedSet>(File.ReadAllBytes(path), Options);
            bool belongs = saved is not null && saved.Fingerprint == fingerprint && saved.Scores.Name == set.Name && saved.Scores.Role == set.Role
                && saved.Scores.Correlations.Length == targets;
            return belongs ? saved!.Scores : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Save(int number, SetScores scores)
    {
        OutputFile.CreateFolder(folder);
        OutputFile.WriteAllText(PathOf(number), JsonSerializer.Serialize(new SavedSet(fingerprint, scores), Options));
    }

    /// <summary>Removes them, once the run is finished.</summary>
    public void Remove()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string PathOf(int number) => Path.Combine(folder, $"{number}.json");

    private sealed record SavedSet(string Fingerprint, SetScores Scores);
}

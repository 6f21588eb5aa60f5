using CsvHelper;
using Gim.Files;
using Gim.Fmri.Matching;
using Gim.Fmri.Models;
using Gim.Fmri.Stimulus;

namespace Gim.Report;

/// <summary>
/// <c>evidence.csv</c> of an fmri run: for each TR of the test stories the passages that each match took its responses from.
/// </summary>
internal static class EvidenceFile
{
    public const string FileName = "evidence.csv";

    public static IReadOnlyList<string> Columns { get; } =
        ["subject", "match", "story", "tr", "seconds", "text", "rank", "weight", "matched_story", "matched_tr", "matched_seconds", "matched_text"];

    /// <param name="quotedTrs">TRs that are quoted, the last one being that of the row: as far back as its features look.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, Recording recording, int quotedTrs, IReadOnlyList<(PlannedSet Set, StrongestMatches Strongest)> matches) => CsvOutput.Write(path, Columns, csv =>
    {
        var places = new Place[recording.TrainingRows + recording.TestRows];
        for (int i = 0; i < recording.Stories.Count; i++)
        {
            for (int tr = 0; tr < recording.Rows[i].Count; tr++)
                places[recording.Rows[i].Start + tr] = new Place(recording.Stories[i], tr);
        }
        foreach ((PlannedSet set, StrongestMatches strongest) in matches)
        {
            for (int row = recording.TrainingRows; row < places.Length; row++)
            {
                ReadOnlySpan<int> rows = strongest.Rows(row);
                for (int rank = 0; rank < rows.Length; rank++)
                {
                    csv.WriteField(recording.Subject);
                    csv.WriteField(set.Name);
                    Write(csv, places[row], quotedTrs);
                    csv.WriteField(rank + 1);
                    csv.WriteField(strongest.Weights(row)[rank]);
                    Write(csv, places[rows[rank]], quotedTrs);
                    csv.EndRecord();
                }
            }
        }
    });

    private static void Write(CsvWriter csv, Place place, int quotedTrs)
    {
        csv.WriteField(place.Story.Name);
        csv.WriteField(place.Tr);
        csv.WriteField(place.Story.Grid.Start(place.Tr + place.Story.Grid.TrimStart));
        csv.WriteField(Quote(place, quotedTrs));
    }

    /// <summary>The words of a TR and of those just before it.</summary>
    private static string Quote(Place place, int quotedTrs) => string.Join(
        ' ', Enumerable.Range(Math.Max(0, place.Tr - quotedTrs + 1), Math.Min(place.Tr + 1, quotedTrs)).Select(tr => place.Story.Texts[tr]).Where(text => text.Length > 0));

    /// <param name="Tr">After trimming.</param>
    private readonly record struct Place(Story Story, int Tr);
}

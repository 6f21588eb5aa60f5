using Gim.Progress;

namespace Gim.Text;

/// <summary>What reading a source met: documents given, and documents left out with the first place of each reason.</summary>
public sealed class SourceCounts
{
    private readonly SortedDictionary<string, (long Count, string First)> skipped = new(StringComparer.Ordinal);

    /// <summary>Documents given to the caller.</summary>
    public long Documents { get; private set; }

    /// <summary>Documents left out, for whatever reason.</summary>
    public long Skipped { get; private set; }

    public void AddDocument() => Documents++;

    /// <summary>Counts a document that is left out; <paramref name="place"/> is kept for the first of each reason.</summary>
    public void Skip(string reason, string place)
    {
        Skipped++;
        skipped[reason] = skipped.TryGetValue(reason, out var seen) ? (seen.Count + 1, seen.First) : (1, place);
    }

    /// <summary>Counts a document as left out that was given already.</summary>
    internal void TakeBack(string reason, string place)
    {
        Documents--;
        Skip(reason, place);
    }

    /// <summary>Says on <paramref name="log"/> what was left out; says nothing when nothing was.</summary>
    public void Report(string sourceName, IJobLog log)
    {
        foreach (string line in Lines(sourceName))
            log.Warn(line);
    }

    /// <summary>What <see cref="Report"/> says.</summary>
    internal IEnumerable<string> Lines(string sourceName)
    {
        foreach (var (reason, (count, first)) in skipped)
            yield return $"{sourceName}: skipped {count:N0} {(count == 1 ? "document" : "documents")} because {reason} (first: {first})";
    }
}

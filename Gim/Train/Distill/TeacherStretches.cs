namespace Gim.Train.Distill;

/// <summary>
/// Stretches of a teacher's text, one after another without separators: whole documents, or the beginning or the end of
/// one. They stay in the file.
/// </summary>
/// <param name="file">Stays the caller's.</param>
/// <param name="stretches">In the file's order, apart, none of them empty.</param>
internal sealed class TeacherStretches(TeacherFile file, IReadOnlyList<(long Start, long Length)> stretches) : ITrainingTokens
{
    private readonly (long Start, long Length)[] stretches = [.. stretches];

    // ends[i]: tokens of the stretches up to stretch i.
    private readonly long[] ends = Ends(stretches);

    /// <summary>First position in the file, and tokens.</summary>
    public IReadOnlyList<(long Start, long Length)> All => stretches;

    /// <inheritdoc/>
    public long TokenCount => ends.Length == 0 ? 0 : ends[^1];

    /// <inheritdoc/>
    public void Read(long start, Span<int> destination)
    {
        if (start < 0 || start > TokenCount - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{destination.Length:N0} tokens from there are not all among the {TokenCount:N0}");
        if (destination.IsEmpty) return;
        int found = ends.AsSpan().BinarySearch(start);
        // The first stretch that ends after the start.
        for (int i = found >= 0 ? found + 1 : ~found; destination.Length > 0; i++)
        {
            long into = start - (ends[i] - stretches[i].Length);
            int part = (int)Math.Min(destination.Length, stretches[i].Length - into);
            file.Read(stretches[i].Start + into, destination[..part]);
            destination = destination[part..];
            start += part;
        }
    }

    private static long[] Ends(IReadOnlyList<(long Start, long Length)> stretches)
    {
        long[] ends = new long[stretches.Count];
        long sum = 0;
        for (int i = 0; i < ends.Length; i++)
            ends[i] = sum += stretches[i].Length;
        return ends;
    }
}

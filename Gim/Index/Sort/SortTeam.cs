namespace Gim.Index.Sort;

/// <summary>Splits work over threads: by parts whose borders depend on nothing but the number of threads.</summary>
internal static class SortTeam
{
    /// <summary>Runs all parts in [0, <paramref name="parts"/>), as many at a time as there are parts.</summary>
    public static void Run(int parts, Action<int> part, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (parts == 1)
        {
            part(0);
            return;
        }
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts, CancellationToken = cancellation }, part);
    }

    /// <summary>Where a part of [0, <paramref name="length"/>) starts: on a multiple of 64, or at the end.</summary>
    public static long Border(long length, int part, int parts)
        => part == parts ? length : length / parts * part >> 6 << 6;
}

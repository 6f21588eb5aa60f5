using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>Where the buckets of a suffix array begin and end: the suffixes of each first symbol.</summary>
internal static unsafe class SymbolCounts<TSymbol, TIndex>
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    /// <summary>Writes each bucket's first place to the first table.</summary>
    public static void Starts(TSymbol* text, long length, TIndex* tables, long alphabet, int parts, CancellationToken cancellation)
        => Count(text, length, tables, alphabet, parts, ends: false, cancellation);

    /// <summary>Writes the place after each bucket's last to the first table.</summary>
    public static void Ends(TSymbol* text, long length, TIndex* tables, long alphabet, int parts, CancellationToken cancellation)
        => Count(text, length, tables, alphabet, parts, ends: true, cancellation);

    private static void Count(
        TSymbol* text, long length, TIndex* tables, long alphabet, int parts, bool ends, CancellationToken cancellation)
    {
        Fill(tables, parts * alphabet, 0);
        SortTeam.Run(parts, part =>
        {
            TIndex* counts = tables + part * alphabet;
            long end = SortTeam.Border(length, part + 1, parts);
            for (long i = SortTeam.Border(length, part, parts); i < end; i++)
                Next(counts, Get(text, i));
        }, cancellation);
        long sum = 0;
        for (long symbol = 0; symbol < alphabet; symbol++)
        {
            long count = 0;
            for (int part = 0; part < parts; part++)
                count += Get(tables + part * alphabet, symbol);
            Set(tables, symbol, ends ? sum + count : sum);
            sum += count;
        }
    }
}

using Gim.Progress;

namespace Gim.Index.Sort;

/// <summary>
/// How far a suffix sort has come, in tokens of the whole text. A level sorts its leftmost-S suffixes, makes two sweeps
/// over its n symbols, and has one recursion: of its share, sorting has 2/5, each sweep 1/5 and the recursion 1/5.
/// One thread at a time.
/// </summary>
internal sealed class SortProgress
{
    private const double LeftmostPerSymbol = 2, RecursionPerSymbol = 1;
    private const double Parts = LeftmostPerSymbol + 2 + RecursionPerSymbol;

    private readonly IJobProgress? progress;
    private readonly SortProgress whole;
    private readonly double symbolShare;
    private double done;
    private long told;

    private SortProgress(IJobProgress? progress, SortProgress? whole, double symbolShare)
    {
        this.progress = progress;
        this.whole = whole ?? this;
        this.symbolShare = symbolShare;
    }

    /// <summary>The progress of sorting a whole text.</summary>
    public SortProgress(IJobProgress? progress)
        : this(progress, null, 1 / Parts) { }

    /// <summary>For a sort that nobody watches.</summary>
    public static SortProgress None => new(null);

    /// <summary>So many symbols were swept by one of the two sweeps.</summary>
    public void Advance(long symbols) => whole.Add(symbols * symbolShare);

    /// <summary>So many of the leftmost-S suffixes of a text were sorted.</summary>
    public void AdvanceLeftmost(long length, long leftmost, long sorted)
        => whole.Add(length * symbolShare * LeftmostPerSymbol * sorted / leftmost);

    /// <summary>There are no leftmost-S suffixes.</summary>
    public void SkipLeftmost(long length) => whole.Add(length * symbolShare * LeftmostPerSymbol);

    /// <summary>The recursion's progress: its parts add up to what the level above has set aside for it.</summary>
    public SortProgress ForRecursion(long length, long reducedLength)
        => new(progress, whole, length * symbolShare * RecursionPerSymbol / (Parts * reducedLength));

    public void SkipRecursion(long length) => whole.Add(length * symbolShare * RecursionPerSymbol);

    /// <summary>For a text that needs no sorting.</summary>
    public void SkipAll(long length) => whole.Add(length * symbolShare * Parts);

    // Parts of tokens are kept until they make whole ones, so that the shares add up to the text.
    private void Add(double tokens)
    {
        done += tokens;
        long whole = (long)(done + 1e-3);
        progress?.Advance(whole - told);
        told = whole;
    }
}

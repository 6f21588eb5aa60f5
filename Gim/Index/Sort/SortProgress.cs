using Gim.Progress;

namespace Gim.Index.Sort;

/// <summary>
/// How far a suffix sort has come, in tokens of the whole text. A level makes four sweeps over its n symbols and one
/// recursion, which is taken as half as much work as the sweeps; so each symbol swept is 1/6 of the level's share.
/// </summary>
internal sealed class SortProgress
{
    private const double RecursionPerSymbol = 2;
    private const double Parts = 4 + RecursionPerSymbol;

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

    public void Advance(int symbols) => whole.Add(symbols * symbolShare);

    /// <summary>The recursion's progress: its sweeps add up to what the level above has set aside for it.</summary>
    public SortProgress ForRecursion(int length, int reducedLength)
        => new(progress, whole, length * symbolShare * RecursionPerSymbol / (Parts * reducedLength));

    public void SkipRecursion(int length) => whole.Add(length * symbolShare * RecursionPerSymbol);

    /// <summary>For a text that needs no sorting.</summary>
    public void SkipAll(int length) => whole.Add(length * symbolShare * Parts);

    // Parts of tokens are kept until they make whole ones, so that the shares add up to the text.
    private void Add(double tokens)
    {
        done += tokens;
        long whole = (long)(done + 1e-3);
        progress?.Advance(whole - told);
        told = whole;
    }
}

using Gim.Progress;

namespace Gim.Index;

/// <summary>
/// How far a suffix sort has come, in tokens of the whole text. A level makes four sweeps over its n symbols and one
/// recursion, which is taken as half as much work as the sweeps; so each symbol swept is 1/6 of the level's share.
/// </summary>
internal readonly struct SortProgress(IJobProgress? progress, double symbolShare)
{
    private const double RecursionPerSymbol = 2;
    private const double Parts = 4 + RecursionPerSymbol;

    /// <summary>The progress of sorting a whole text.</summary>
    public SortProgress(IJobProgress progress)
        : this(progress, 1 / Parts) { }

    public static SortProgress None => default;

    public void Advance(int symbols) => progress?.Advance((long)(symbols * symbolShare));

    /// <summary>The recursion's progress: its sweeps add up to what the level above has set aside for it.</summary>
    public SortProgress ForRecursion(int length, int reducedLength)
    {
        double part = length * symbolShare * RecursionPerSymbol;
        return new SortProgress(progress, part / (Parts * reducedLength));
    }

    public void SkipRecursion(int length) => progress?.Advance((long)(length * symbolShare * RecursionPerSymbol));
}

namespace Gim.Index.Build;

/// <summary>
/// Keeps the garbage of tokenising small where the build has little memory: left to itself the collector lets a few
/// hundred MB of read text lie, which is right where there is plenty.
/// </summary>
internal sealed class GarbageLimit(bool active)
{
    /// <summary>What it lets lie, in bytes.</summary>
    public const long Bytes = 32_000_000;

    private long collected = GC.GetTotalAllocatedBytes();

    /// <summary>Call it now and then; it collects when enough was allocated since the last time.</summary>
    public void Keep()
    {
        if (!active || GC.GetTotalAllocatedBytes() - collected < Bytes)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        collected = GC.GetTotalAllocatedBytes();
    }
}

namespace Gim.Index;

/// <summary>How much memory outside the garbage-collected heap a piece of work holds, in bytes. For one thread.</summary>
internal sealed class MemoryCount
{
    public long InUse { get; private set; }

    /// <summary>The most that was held at any time.</summary>
    public long Peak { get; private set; }

    public void Add(long bytes)
    {
        InUse += bytes;
        Peak = Math.Max(Peak, InUse);
    }
}

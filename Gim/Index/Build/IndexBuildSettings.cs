namespace Gim.Index.Build;

/// <summary>How an index is built; the index's answers depend on none of it, the number of its shards on the memory.</summary>
public sealed record IndexBuildSettings
{
    /// <summary>Threads that tokenise and sort.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that the build may take; null takes half of the machine's memory. A corpus that needs more is cut into shards.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Tokens of a shard, whatever the memory allows; for tests.</summary>
    internal long? ShardTokens { get; init; }

    /// <summary>Whether positions are sorted in 64 bits however few they are; for tests.</summary>
    internal bool WidePositions { get; init; }

    /// <summary>Work between two saves of how far the build has come: so much is done again after a kill.</summary>
    internal TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Called at each step; what it throws ends the build as a kill does, with nothing cleaned up.</summary>
    internal Action<BuildStep>? OnStep { get; init; }

    /// <summary>Whether files are brought to the disk before the journal names them, as a loss of power needs it; a kill does not.</summary>
    internal bool FlushToDisk { get; init; } = true;

    /// <summary>Free bytes of the disk that a folder is on, null where that is not known.</summary>
    internal Func<string, long?> FreeBytes { get; init; } = BuildFolder.FreeBytes;
}

namespace Gim.Index.Build;

/// <summary>Moments of a build between which a process may be killed: tests stop it at each of them.</summary>
internal enum BuildStep
{
    /// <summary>A document was appended.</summary>
    Appended,

    /// <summary>Files are about to be flushed and the journal to be written.</summary>
    Saving,

    /// <summary>The journal was written.</summary>
    Saved,

    /// <summary>A shard's files are complete; the journal does not say so yet.</summary>
    ShardClosed,

    /// <summary>A shard's table is complete; the journal does not say so yet.</summary>
    TableWritten,

    /// <summary>The earlier index is no longer valid.</summary>
    EarlierRemoved,

    /// <summary>A file got its final name.</summary>
    FileMoved,

    /// <summary>gim.json stands; what is left of the build is not removed yet.</summary>
    ManifestWritten,
}

using Gim.Fmri.Responses;

namespace Gim.Fmri.Models;

/// <summary>How a subject's responses are taken.</summary>
internal sealed record RecordingSettings
{
    /// <summary>Targets up to which matches lend the responses themselves; beyond, their principal components.</summary>
    public const int MostValueTargets = 1000;

    public InvalidTargets Invalid { get; init; }

    /// <summary>Principal components that stand in for the targets; 0: the targets themselves.</summary>
    public int Components { get; init; }

    /// <summary>Columns of the responses that matches lend.</summary>
    public int ValueColumns { get; init; } = 100;

    /// <summary>Folds of whole stories.</summary>
    public int StoryFolds { get; init; } = 5;

    /// <summary>What the responses may take in memory; beyond, they are read again for every block of targets.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;
}

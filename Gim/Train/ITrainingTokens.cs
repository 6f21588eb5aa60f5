namespace Gim.Train;

/// <summary>The tokens of one source that may be trained on, its documents one after another without separators.</summary>
internal interface ITrainingTokens
{
    long TokenCount { get; }

    /// <summary>Copies the tokens from position <paramref name="start"/> on.</summary>
    /// <param name="start">From 0 to <see cref="TokenCount"/> less the tokens asked for.</param>
    void Read(long start, Span<int> destination);
}

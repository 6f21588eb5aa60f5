using Gim.Train;

namespace Gim.Tests.Train.Start;

/// <summary>Tokens from memory; a read outside of them fails.</summary>
internal sealed class ListedTokens(params int[] tokens) : ITrainingTokens
{
    public long TokenCount => tokens.Length;

    public void Read(long start, Span<int> destination) => tokens.AsSpan((int)start, destination.Length).CopyTo(destination);
}

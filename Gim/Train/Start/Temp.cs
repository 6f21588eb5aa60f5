using Gim.Progress;
namespace Gim.Train.Start;
internal readonly record struct WeightedTokens(ITrainingTokens Tokens, double Weight);
internal static class CooccurrenceEmbedding { public static float[]? Compute(IReadOnlyList<WeightedTokens> sources, int vocabulary, int columns, int distance, long tokens, long seed, int threads, IJobLog log, CancellationToken cancellation) => null; }

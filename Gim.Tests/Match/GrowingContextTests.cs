using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Similarity;
using Gim.Tests.Similarity;

namespace Gim.Tests.Match;

public class GrowingContextTests
{
    private const int Vocabulary = 97, Length = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(19)]
    [InlineData(100)]
    public void A_text_that_grows_is_weighed_as_the_whole_text(int chunk)
    {
        OnCpu(network =>
        {
            int[] tokens = Tokens(90);
            using var growing = new GrowingContext(network, Length);
            using var whole = new FuzzyMatch(network);
            MatchResult expected = new(), actual = new();
            for (int end = 0; end < tokens.Length;)
            {
                int count = Math.Min(chunk, tokens.Length - end);
                growing.Append(tokens.AsSpan(end, count));
                end += count;
                growing.Find(actual);
                int first = Math.Max(0, end - Length), keys = end - first - 1;
                Assert.Equal(tokens[first..end], growing.Context.ToArray());
                // All of the text goes into the embeddings; of its positions only the last ones vote.
                whole.Find(tokens.AsSpan(0, end), expected);
                Assert.Equal(Enumerable.Range(1, keys), actual.InContext);
                float[] last = [.. expected.Weights.TakeLast(keys)];
                // exp of up to -20 of cosines that are off by some ulp of 1, times 10.
                Assert.All(last.Zip(actual.Weights), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 2e-5 * pair.First + 1e-9, $"{pair.Second:R} is not {pair.First:R}"));
            }
        });
    }

    [Fact]
    public void Nothing_is_weighed_before_the_second_token()
    {
        OnCpu(network =>
        {
            using var growing = new GrowingContext(network, Length);
            var match = new MatchResult();
            growing.Find(match);
            Assert.Empty(match.InContext);
            growing.Append([5]);
            growing.Find(match);
            Assert.Empty(match.InContext);
            Assert.Equal([5], growing.Context.ToArray());
            growing.Append([]);
            growing.Append([7]);
            growing.Find(match);
            Assert.Equal([1], match.InContext);
        });
    }

    [Fact]
    public void Tokens_without_end_take_no_more_memory()
    {
        OnCpu(network =>
        {
            int[] tokens = Tokens(1000);
            using var growing = new GrowingContext(network, Length);
            var match = new MatchResult();
            void Read(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    growing.Append(tokens.AsSpan(i % tokens.Length, 1));
                    growing.Find(match);
                }
            }

            Read(1000);
            long used = network.Device.UsedBytes, before = GC.GetAllocatedBytesForCurrentThread();
            Read(10_000);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(0, allocated);
            Assert.Equal(used, network.Device.UsedBytes);
        });
    }

    [Fact]
    public void A_model_of_windows_is_refused()
    {
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(
            RandomModel.Make(RandomModel.Small(PositionKind.Learned, EmbeddingMode.Windowed, Vocabulary)), device, "random");
        Assert.Contains("cannot stream", Assert.Throws<ArgumentException>(() => new GrowingContext(network, Length)).Message, StringComparison.Ordinal);
    }

    /// <summary>With a device of its own and one thread: only the caller's memory is counted.</summary>
    private static void OnCpu(Action<SimilarityNetwork> test)
    {
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "random");
        test(network);
    }

    private static int[] Tokens(int count)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
    }
}

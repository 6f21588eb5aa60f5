using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Tests.Kernels.Devices;
using Xunit.Abstractions;

namespace Gim.Tests.Similarity;

public sealed class StreamingEncoderTests(ITestOutputHelper output)
{
    private const int Vocabulary = 97;

    /// <summary>Of values up to 1 after three layers: the same sums of float32, cut in other places.</summary>
    private const double Enough = 2e-5;

    /// <summary>Around a step of 256 rows, and beyond the buffer of 2 (band - 1) + 256.</summary>
    public static TheoryData<PositionKind, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<PositionKind, int, int>();
            foreach (PositionKind positions in (PositionKind[])[PositionKind.Bias, PositionKind.Relative])
            {
                foreach (int length in (int[])[1, 2, 5, 255, 256, 257, 264, 265, 700])
                {
                    foreach (int chunk in (int[])[1, 3, 7, 256, 1000])
                        cases.Add(positions, length, chunk);
                }
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_text_that_grows_is_embedded_as_the_whole_text(PositionKind positions, int length, int chunk)
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(positions, EmbeddingMode.Streaming, Vocabulary)), device, "random");
            using var encoder = new StreamingEncoder(network);
            int[] other = Tokens(99, seed: 1), tokens = Tokens(length, seed: 2);
            using DeviceBuffer<float> expected = device.AllocateFloats(length * network.Configuration.OutputColumns);
            using DeviceBuffer<float> actual = device.AllocateFloats(Math.Max(length, other.Length) * network.Configuration.OutputColumns);
            network.EmbedAll(tokens, 1, length, expected);
            // What came before the reset must not be seen.
            encoder.Append(other, actual);
            encoder.Reset();
            for (int start = 0; start < length; start += chunk)
            {
                int count = Math.Min(chunk, length - start), columns = network.Configuration.OutputColumns;
                encoder.Append(tokens.AsSpan(start, count), actual.Slice(start * columns, count * columns));
            }
            double largest = expected.ToArray().Zip(actual.ToArray(), (a, b) => Math.Abs((double)a - b)).Max();
            output.WriteLine($"largest difference {largest:G3}");
            Assert.True(largest <= Enough, $"largest difference {largest:G3}");
        }
    }

    [Fact]
    public void Tokens_without_end_take_no_more_memory()
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(
                RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "random");
            using var encoder = new StreamingEncoder(network);
            using DeviceBuffer<float> destination = device.AllocateFloats(network.Configuration.OutputColumns);
            int[] tokens = Tokens(20_000, seed: 3);
            void Append(int first, int count)
            {
                for (int i = first; i < first + count; i++)
                    encoder.Append(tokens.AsSpan(i, 1), destination);
            }
            Append(0, 1000);
            long onDevice = device.UsedBytes, managed = GC.GetAllocatedBytesForCurrentThread();
            Append(1000, 19_000);
            Assert.Equal(onDevice, device.UsedBytes);
            // Not a byte for each token; the runtime may allocate now and then.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, 19_000);
        }
    }

    [Fact]
    public void A_model_that_sees_all_earlier_tokens_cannot_stream()
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(
                RandomModel.Make(RandomModel.Small(PositionKind.Learned, EmbeddingMode.Windowed, Vocabulary)), device, "random");
            Assert.Contains("learned positions", Assert.Throws<ArgumentException>(() => new StreamingEncoder(network)).Message, StringComparison.Ordinal);
        }
    }

    private static int[] Tokens(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
    }
}

using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Tests.Kernels.Devices;
using Xunit.Abstractions;

namespace Gim.Tests.Similarity;

/// <summary>The published PyTorch model's numbers, on every device that runs here.</summary>
public sealed class GoldenModelTests(ITestOutputHelper output)
{
    /// <summary>Of every tensor, where values are of size 1 (raw outputs up to about 5).</summary>
    private const double Enough = 1e-4;

    private static readonly string[] CaseNames = ["rpe-cosine", "rpe-jsd", "rpe-l2", "plain-learned-cosine", "plain-sinusoidal-cosine"];

    public static TheoryData<string> Cases => [.. CaseNames];

    [GoldenTheory, MemberData(nameof(Cases))]
    public void Reference(string name) => Check(DeviceKind.Reference, name);

    [GoldenTheory, MemberData(nameof(Cases))]
    public void Cpu(string name) => Check(DeviceKind.Cpu, name);

    [GoldenDeviceTheory(DeviceKind.OpenCl), MemberData(nameof(Cases))]
    public void OpenCl(string name) => Check(DeviceKind.OpenCl, name);

    [GoldenDeviceTheory(DeviceKind.Cuda), MemberData(nameof(Cases))]
    public void Cuda(string name) => Check(DeviceKind.Cuda, name);

    /// <summary>On ILGPU's simulator, which takes seconds for one window.</summary>
    [GoldenTheory, InlineData("rpe-cosine")]
    public void Simulator(string name)
    {
        const int window = 16;
        Device device = TestDevices.Get(DeviceKind.IlgpuCpu.ChoiceName());
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(Read($"{name}.weights"), device, name);
            WeightFile expected = Read($"{name}.case");
            int columns = network.Configuration.OutputColumns;
            int[] tokens = [.. expected.Integers("input_ids").Take(window).Select(id => (int)id)];
            using DeviceBuffer<float> rows = device.AllocateFloats(window * columns);
            network.EmbedAll(tokens, 1, window, rows);
            Compare($"{name} on {device.Description}", "first window", expected.Values("first_window_embeddings")[..(window * columns)], rows.ToArray());
        }
    }

    private void Check(DeviceKind kind, string name)
    {
        Device device = TestDevices.Get(kind.ChoiceName());
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(Read($"{name}.weights"), device, name);
            Check(network, Read($"{name}.case"), $"{name} on {device.Description}");
        }
    }

    private void Check(SimilarityNetwork network, WeightFile expected, string what)
    {
        const int contexts = 2, length = 40, window = 16, windows = length - window + 1, vocabulary = 503;
        int columns = network.Configuration.OutputColumns;
        int[] tokens = [.. expected.Integers("input_ids").Select(id => (int)id)], next = [.. expected.Integers("next_ids").Select(id => (int)id)];
        using DeviceBuffer<float> all = network.Device.AllocateFloats(contexts * length * columns), last = network.Device.AllocateFloats(contexts * windows * columns);
        using DeviceBuffer<float> inFirst = network.Device.AllocateFloats(contexts * window * columns);
        network.EmbedAll(tokens, contexts, length, all);
        Compare(what, "sequence_embeddings", expected, all.ToArray());
        int[] cut = [.. Enumerable.Range(0, contexts * windows).SelectMany(i => tokens.Skip(i / windows * length + i % windows).Take(window))];
        network.EmbedLast(cut, contexts * windows, window, last);
        Compare(what, "window_embeddings", expected, last.ToArray());
        network.EmbedAll([.. Enumerable.Range(0, contexts).SelectMany(i => tokens.Skip(i * length).Take(window))], contexts, window, inFirst);
        Compare(what, "first_window_embeddings", expected, inFirst.ToArray());

        using var fuzzy = new FuzzyMatch(network, temperature: 0.1, window);
        float[] weights = new float[contexts * (length - 1)], probabilities = new float[contexts * vocabulary];
        for (int i = 0; i < contexts; i++)
        {
            var match = new MatchResult();
            int[] context = tokens[(i * length)..((i + 1) * length)];
            fuzzy.Find(context, match);
            match.Weights.CopyTo(weights, i * (length - 1));
            Assert.Equal(next[(i * (length - 1))..((i + 1) * (length - 1))], match.InContext.Select(position => context[position]));
            NextTokens prediction = NextTokens.FromWeights(match, context, vocabulary);
            for (int token = 0; token < vocabulary; token++)
                probabilities[i * vocabulary + token] = (float)prediction.ProbabilityOf(token);
        }
        Compare(what, "weight", expected, weights);
        Compare(what, "probability", expected, probabilities);
        Compare(what, "distance", expected, [.. weights.Select(weight => -MathF.Log(weight))]);
    }

    private void Compare(string what, string tensor, WeightFile expected, float[] actual) => Compare(what, tensor, expected.Values(tensor), actual);

    private void Compare(string what, string tensor, float[] wanted, float[] actual)
    {
        Assert.Equal(wanted.Length, actual.Length);
        double largest = wanted.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();
        output.WriteLine($"{what}, {tensor}: largest difference {largest:G3}");
        Assert.True(largest <= Enough, $"{what}, {tensor}: largest difference {largest:G3}");
    }

    private static WeightFile Read(string name) => SafetensorsFile.Read(SharedData.GoldenPath("similarity-transformer", $"{name}.safetensors"));
}

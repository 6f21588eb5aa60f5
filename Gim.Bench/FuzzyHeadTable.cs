using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;

namespace Gim.Bench;

/// <summary>
/// The similarity transformer's passes beside the processor's peak and beside what native libraries take for the same
/// matrix products alone, all in turns in one process; and a whole prediction of the fuzzy head.
/// </summary>
internal static unsafe class FuzzyHeadTable
{
    private const int Rounds = 7, Context = 1024, Window = 64, Windows = 64;

    // Native libraries' threads go on spinning for some milliseconds after their work.
    private const int PauseMilliseconds = 30;

    private static readonly (string Name, int Columns, int Layers, int Heads)[] Models = [("d 768, 4 layers", 768, 4, 12), ("d 256, 3 layers", 256, 3, 4)];

    public static string Table()
    {
        Require.FullSpeed();
        var (native, missing) = NativeBlas.Find();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Windowed: {Windows} windows of {Window} tokens at a time, each giving one embedding (relative keys and values, the published kind). Streaming: {Context} tokens in one");
        text.AppendLine(CultureInfo.InvariantCulture, $"pass, each giving one (a band of 32 with a bias). One thread; medians of {Rounds} turns. Of the peak: floating-point operations of the large products over the time of");
        text.AppendLine("all, and the rate of multiply-adds in registers measured in the same turn. Products alone: the same shapes, nothing else.").AppendLine();
        text.Append("| model | embeddings/s | tokens/s | GFLOP/s | of the peak | products alone, ms: Gim |");
        foreach (NativeBlas library in native)
            text.Append(CultureInfo.InvariantCulture, $" {library.Name} |");
        text.AppendLine(" all, ms |").Append("|---").Insert(text.Length, "|---:", 6 + native.Count).AppendLine("|");
        using Device cpu = DeviceCatalog.Open("cpu", 1);
        foreach ((string name, int columns, int layers, int heads) in Models)
        {
            double windowed = Row(text, $"windowed, {name}", RandomSimilarityModel.Windowed(columns, layers, heads), cpu, native);
            double streaming = Row(text, $"streaming, {name}", RandomSimilarityModel.Streaming(columns, layers, heads), cpu, native);
            text.AppendLine(CultureInfo.InvariantCulture, $"| streaming / windowed, {name} | {streaming / windowed:N1} | | | | |{string.Concat(Enumerable.Repeat(" |", native.Count))} |");
        }
        text.AppendLine().AppendLine(Prediction()).AppendLine(Devices());
        foreach (string line in missing)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        return text.ToString();
    }

    /// <summary>One model's row; returns embeddings per second.</summary>
    private static double Row(StringBuilder text, string name, SimilarityConfiguration configuration, Device device, IReadOnlyList<NativeBlas> native)
    {
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomSimilarityModel.Make(configuration), device, "a random model");
        bool streaming = configuration.Mode == EmbeddingMode.Streaming;
        int embeddings = streaming ? Context : Windows, rows = streaming ? Context : Windows * Window;
        int[] tokens = Tokens(rows);
        using DeviceBuffer<float> to = device.AllocateFloats(embeddings * configuration.OutputColumns);
        (int M, int N, int K)[] products = [.. Products(configuration, rows, embeddings)];
        double operations = products.Sum(one => 2.0 * one.M * one.N * one.K);
        using var operands = new ProductOperands(products);
        List<Action> turns =
        [
            () => { if (streaming) network.EmbedAll(tokens, 1, Context, to); else network.EmbedLast(tokens, Windows, Window, to); },
            () => operands.Gim(1),
            .. native.Select<NativeBlas, Action>(library => () => operands.Native(library, 1)),
        ];
        double[][] milliseconds = [.. turns.Select(_ => new double[Rounds])];
        double[] share = new double[Rounds];
        for (int round = -1; round < Rounds; round++)
        {
            for (int turn = 0; turn < turns.Count; turn++)
                milliseconds[turn][Math.Max(round, 0)] = Milliseconds(turns[turn]);
            share[Math.Max(round, 0)] = operations / milliseconds[0][Math.Max(round, 0)] / 1e6 / Peak();
        }
        double all = Median(milliseconds[0]);
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {embeddings / all * 1e3:N0} | {rows / all * 1e3:N0} | {operations / all / 1e6:N1} | {Median(share):N2} |");
        foreach (double[] products1 in milliseconds[1..])
            text.Append(CultureInfo.InvariantCulture, $" {Median(products1):N1} |");
        text.AppendLine(CultureInfo.InvariantCulture, $" {all:N1} |");
        return embeddings / all * 1e3;
    }

    /// <summary>The large products of a pass; of the last layer and after it only the rows that are wanted.</summary>
    private static IEnumerable<(int M, int N, int K)> Products(SimilarityConfiguration configuration, int rows, int embeddings)
    {
        int d = configuration.Columns;
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            int kept = layer == configuration.Layers - 1 ? embeddings : rows;
            yield return (rows, 3 * d, d);
            yield return (kept, d, d);
            yield return (kept, 4 * d, d);
            yield return (kept, d, 4 * d);
        }
        yield return (embeddings, configuration.OutputColumns, d);
    }

    private static string Prediction()
    {
        var text = new StringBuilder();
        using Device one = DeviceCatalog.Open("cpu", 1), two = DeviceCatalog.Open("cpu", 2);
        SimilarityConfiguration configuration = RandomSimilarityModel.Streaming(256, 3, 4);
        var weights = RandomSimilarityModel.Make(configuration);
        using SimilarityNetwork network = SimilarityNetwork.Load(weights, one, "a random model"), onTwo = SimilarityNetwork.Load(weights, two, "a random model");
        using var stream = new GrowingContext(network, Context);
        int[] tokens = Tokens(20_000);
        var match = new MatchResult();
        stream.Append(tokens.AsSpan(0, Context));
        const int appended = 2000;
        NextTokens? last = null;
        double append = Milliseconds(() =>
        {
            for (int i = 0; i < appended; i++)
            {
                stream.Append(tokens.AsSpan(Context + i, 1));
                stream.Find(match);
                last = NextTokens.FromWeights(match, stream.Context, RandomSimilarityModel.Vocabulary);
            }
        }) / appended;
        int[] context = [.. stream.Context];
        stream.Find(match);
        const int votes = 5000;
        double voting = Milliseconds(() =>
        {
            for (int i = 0; i < votes; i++)
                last = NextTokens.FromWeights(match, context, RandomSimilarityModel.Vocabulary);
        }) / votes;
        using var fuzzy = new FuzzyMatch(onTwo);
        const int examples = 64, together = 16;
        float[] found = new float[together * (Context - 1)];
        int[] stretches = Tokens(together * Context);
        fuzzy.Weigh(stretches, together, Context, 1, found);
        double weighing = Milliseconds(() =>
        {
            for (int i = 0; i < examples; i += together)
                fuzzy.Weigh(stretches, together, Context, 1, found);
        }) / examples;
        GC.KeepAlive(last);
        text.AppendLine(CultureInfo.InvariantCulture, $"d 256, 3 layers, streaming, contexts of {Context} tokens:").AppendLine();
        text.AppendLine("| | |").AppendLine("|---|---:|");
        text.AppendLine(CultureInfo.InvariantCulture, $"| append a token and predict, one thread: mean of {appended:N0} | {append:N3} ms |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| votes counted, one thread | {(Context - 1) / voting / 1e3:N1} M/s |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| whole contexts weighed, two threads | {1e3 / weighing:N0} examples/s |");
        return text.ToString();
    }

    private static string Devices()
    {
        var text = new StringBuilder();
        text.AppendLine("Every device, d 256, 3 layers, embeddings/s:").AppendLine();
        text.AppendLine("| device | windowed | of cpu | streaming | of cpu |").AppendLine("|---|---:|---:|---:|---:|");
        double[]? ofCpu = null;
        foreach (DeviceDescription found in DeviceCatalog.List().Where(device => device.Usable && device.Kind is DeviceKind.Cpu or DeviceKind.Cuda or DeviceKind.OpenCl).OrderBy(device => device.Kind))
        {
            using Device device = DeviceCatalog.Open(found.Choice);
            double[] rates = [.. ((SimilarityConfiguration[])[RandomSimilarityModel.Windowed(256, 3, 4), RandomSimilarityModel.Streaming(256, 3, 4)]).Select(configuration => Rate(configuration, device))];
            ofCpu ??= rates;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {device.Description} | {rates[0]:N0} | {rates[0] / ofCpu[0]:N2} | {rates[1]:N0} | {rates[1] / ofCpu[1]:N2} |");
        }
        return text.ToString();
    }

    private static double Rate(SimilarityConfiguration configuration, Device device)
    {
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomSimilarityModel.Make(configuration), device, "a random model");
        bool streaming = configuration.Mode == EmbeddingMode.Streaming;
        int embeddings = streaming ? Context : Windows;
        int[] tokens = Tokens(streaming ? Context : Windows * Window);
        using DeviceBuffer<float> to = device.AllocateFloats(embeddings * configuration.OutputColumns);
        void Pass()
        {
            if (streaming) network.EmbedAll(tokens, 1, Context, to);
            else network.EmbedLast(tokens, Windows, Window, to);
            device.Synchronize();
        }

        Pass();
        return embeddings / Median([.. Enumerable.Range(0, 3).Select(_ => Milliseconds(Pass))]) * 1e3;
    }

    private static int[] Tokens(int count)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(RandomSimilarityModel.Vocabulary * Math.Pow(random.NextDouble(), 4)))];
    }

    private static double Milliseconds(Action call)
    {
        Thread.Sleep(PauseMilliseconds);
        long started = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    internal static double Peak()
    {
        const int steps = 500_000;
        return Roofline.Operations(steps) / Milliseconds(() => Roofline.Compute(steps)) / 1e6;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>Memory for a list of products, one after the other, as the layers of a model use it.</summary>
    private sealed class ProductOperands : IDisposable
    {
        private readonly (int M, int N, int K)[] products;
        private readonly float* a, c;
        private readonly float*[] weights;

        public ProductOperands((int M, int N, int K)[] products)
        {
            this.products = products;
            a = Allocate(products.Max(one => (long)one.M * one.K));
            c = Allocate(products.Max(one => (long)one.M * one.N));
            weights = new float*[products.Length];
            for (int i = 0; i < products.Length; i++)
                weights[i] = Allocate((long)products[i].N * products[i].K);
        }

        public void Gim(int threads)
        {
            for (int i = 0; i < products.Length; i++)
            {
                (int m, int n, int k) = products[i];
                Kernels.Products.MatrixProduct.Multiply(m, n, k, 1, new(a, m * k), k, false, new(weights[i], n * k), k, true, 0, new(c, m * n), n, threads: threads);
            }
        }

        public void Native(NativeBlas library, int threads)
        {
            for (int i = 0; i < products.Length; i++)
                library.Multiply(products[i].M, products[i].N, products[i].K, a, weights[i], true, c, threads);
        }

        private static float* Allocate(long length)
        {
            var memory = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
            var random = new Random(42);
            for (long i = 0; i < length; i++)
                memory[i] = random.NextSingle() - 0.5f;
            return memory;
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(a);
            NativeMemory.AlignedFree(c);
            foreach (float* one in weights)
                NativeMemory.AlignedFree(one);
        }
    }
}

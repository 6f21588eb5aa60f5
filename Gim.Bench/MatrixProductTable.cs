using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Kernels.Products;

namespace Gim.Bench;

/// <summary>
/// The matrix product beside native libraries, the processor's highest rate of multiply-adds and that of its memory.
/// All take turns in one process, so that what else the machine does meets all of them.
/// </summary>
internal static unsafe class MatrixProductTable
{
    private const int Rounds = 15;

    // Native libraries' threads go on spinning for some milliseconds after their work.
    private const int PauseMilliseconds = 30;

    // A few milliseconds each, so that a turn is longer than a clock's tick and shorter than a disturbance.
    private const double OperationsPerTurn = 5e8;

    private static readonly (int M, int N, int K, bool TransposeB)[] Shapes =
    [
        (1024, 1024, 1024, false), (2048, 768, 768, false), (2048, 768, 768, true), (2048, 3072, 768, false), (64, 50257, 256, false),
        (64, 50257, 256, true), (16384, 32, 768, false), (256, 256, 256, false), (64, 64, 64, false),
    ];

    private static readonly (int N, int K, bool TransposeB)[] Vectors = [(50257, 768, false), (50257, 768, true)];

    public static string Table()
    {
        Require.FullSpeed();
        var (native, missing) = NativeBlas.Find();
        var text = new StringBuilder();
        double peak = Peak();
        text.AppendLine(CultureInfo.InvariantCulture, $"C [M, N] = A [M, K] B [K, N] (^T: B is stored as [N, K]), GFLOP/s: medians of {Rounds} turns, which all take in one process. One core's peak,");
        text.AppendLine(CultureInfo.InvariantCulture, $"measured by multiply-adds in registers: {peak:N1} GFLOP/s. Best: the better of the native libraries in each turn, the median of the ratios.");
        text.AppendLine().Append("| M, N, K | Gim, 1 thread | of the peak |");
        foreach (NativeBlas library in native)
            text.Append(CultureInfo.InvariantCulture, $" {library.Name}, 1 thread |");
        text.Append(" Gim / best | Gim, 2 threads | 2 / 1 threads |");
        foreach (NativeBlas library in native)
            text.Append(CultureInfo.InvariantCulture, $" {library.Name}, 2 threads |");
        text.AppendLine().Append("|---").Insert(text.Length, "|---:", 5 + 2 * native.Count).AppendLine("|");
        foreach (var (m, n, k, transposeB) in Shapes)
        {
            double[][] rates = Measure(m, n, k, transposeB, native, OperationsPerTurn);
            double[] one = rates[0], two = rates[1 + native.Count];
            text.Append(CultureInfo.InvariantCulture, $"| {m}, {n}, {k}{(transposeB ? " ^T" : "")} | {Median(one):N1} | {Median(one) / peak:N2} |");
            for (int i = 0; i < native.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $" {Median(rates[1 + i]):N1} |");
            text.Append(native.Count == 0 ? " - |" : string.Create(CultureInfo.InvariantCulture, $" {RatioToBest(rates, native.Count):N2} |"));
            text.Append(CultureInfo.InvariantCulture, $" {Median(two):N1} | {Median([.. two.Zip(one, (b, a) => b / a)]):N2} |");
            for (int i = 0; i < native.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $" {Median(rates[2 + native.Count + i]):N1} |");
            text.AppendLine();
        }
        AppendVectors(text, native);
        text.AppendLine();
        foreach (string line in missing)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        return text.ToString();
    }

    /// <summary>A row times a matrix that no cache holds: as fast as memory is read, at most.</summary>
    private static void AppendVectors(StringBuilder text, IReadOnlyList<NativeBlas> native)
    {
        text.AppendLine().AppendLine("M = 1, GB/s of B; Read: one core only reading the same memory, as one stream or eight, whichever is faster.").AppendLine();
        text.Append("| N, K | Read | Gim, 1 thread | Gim / read |");
        foreach (NativeBlas library in native)
            text.Append(CultureInfo.InvariantCulture, $" {library.Name}, 1 thread |");
        text.AppendLine(" Gim, 2 threads |").Append("|---").Insert(text.Length, "|---:", 4 + native.Count).AppendLine("|");
        foreach (var (n, k, transposeB) in Vectors)
        {
            // Two operations for each element of four bytes.
            double[][] rates = Measure(1, n, k, transposeB, native, 2.0 * n * k, b => Roofline.Read(b, (nint)n * k), b => Roofline.ReadStreams(b, (nint)n * k));
            double GigabytesPerSecond(double[] gigaflops) => Median(gigaflops) * sizeof(float) / 2;
            double[] read = [.. rates[^1].Zip(rates[^2], Math.Max)];
            text.Append(CultureInfo.InvariantCulture, $"| {n}, {k}{(transposeB ? " ^T" : "")} | {GigabytesPerSecond(read):N1} | {GigabytesPerSecond(rates[0]):N1} | {Median([.. rates[0].Zip(read, (a, b) => a / b)]):N2} |");
            for (int i = 0; i < native.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $" {GigabytesPerSecond(rates[1 + i]):N1} |");
            text.AppendLine(CultureInfo.InvariantCulture, $" {GigabytesPerSecond(rates[1 + native.Count]):N1} |");
        }
    }

    private delegate void WithMemory(float* b);

    /// <summary>GFLOP/s of every turn: Gim and the libraries on one thread, the same on two, and what else is to be timed.</summary>
    private static double[][] Measure(
        int m, int n, int k, bool transposeB, IReadOnlyList<NativeBlas> native, double operationsPerTurn, params WithMemory[] others)
    {
        float* a = Random((long)m * k), b = Random((long)k * n), c = Random((long)m * n);
        try
        {
            Check(m, n, k, a, b, transposeB, c);
            List<Action> turns = [];
            foreach (int threads in (int[])[1, 2])
            {
                turns.Add(() => Gim(m, n, k, a, b, transposeB, c, threads));
                foreach (NativeBlas library in native)
                    turns.Add(() => library.Multiply(m, n, k, a, b, transposeB, c, threads));
            }
            foreach (WithMemory other in others)
                turns.Add(() => other(b));
            double operations = 2.0 * m * n * k;
            int repeats = (int)Math.Max(1, operationsPerTurn / operations);
            double[][] rates = [.. turns.Select(_ => new double[Rounds])];
            // The first round warms up and is written over.
            for (int round = -1; round < Rounds; round++)
            {
                for (int turn = 0; turn < turns.Count; turn++)
                {
                    Thread.Sleep(PauseMilliseconds);
                    long started = Stopwatch.GetTimestamp();
                    for (int i = 0; i < repeats; i++)
                        turns[turn]();
                    rates[turn][Math.Max(round, 0)] = operations * repeats / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
                }
            }
            return rates;
        }
        finally
        {
            NativeMemory.AlignedFree(a);
            NativeMemory.AlignedFree(b);
            NativeMemory.AlignedFree(c);
        }
    }

    private static void Gim(int m, int n, int k, float* a, float* b, bool transposeB, float* c, int threads)
        => MatrixProduct.Multiply(m, n, k, 1, new(a, m * k), k, false, new(b, k * n), transposeB ? k : n, transposeB, 0, new(c, m * n), n, threads: threads);

    /// <summary>That the first rows are the definition's: all of them would take it minutes.</summary>
    private static void Check(int m, int n, int k, float* a, float* b, bool transposeB, float* c)
    {
        int rows = Math.Min(m, 4);
        float[] expected = new float[rows * n];
        MatrixProductReference.Multiply(rows, n, k, 1, new(a, rows * k), k, false, new(b, k * n), transposeB ? k : n, transposeB, 0, expected, n);
        Gim(m, n, k, a, b, transposeB, c, threads: 2);
        RequireClose(expected, new ReadOnlySpan<float>(c, rows * n), k, $"MatrixProduct of {m}, {n}, {k}");
    }

    /// <summary>Sums of <paramref name="k"/> products of factors up to 1/2, each rounded as often as it has terms.</summary>
    internal static void RequireClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int k, string what)
    {
        float allowed = (float)k * k / 4 * 1.2e-7f;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(MathF.Abs(expected[i] - actual[i]) <= allowed))
                throw new InvalidOperationException($"{what}: element {i} is {actual[i]:R} where the definition gives {expected[i]:R}");
        }
    }

    private static double Peak()
    {
        const int Steps = 1_000_000;
        return Enumerable.Range(0, 2 * Rounds).Max(_ =>
        {
            long started = Stopwatch.GetTimestamp();
            Roofline.Compute(Steps);
            return Roofline.Operations(Steps) / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
        });
    }

    private static double RatioToBest(double[][] rates, int libraries)
        => Median([.. Enumerable.Range(0, Rounds).Select(round => rates[0][round] / Enumerable.Range(1, libraries).Max(i => rates[i][round]))]);

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static float* Random(long length)
    {
        const int CacheLine = 64;
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), CacheLine);
        var random = new Random(42);
        for (long i = 0; i < length; i++)
            memory[i] = random.NextSingle() - 0.5f;
        return memory;
    }
}

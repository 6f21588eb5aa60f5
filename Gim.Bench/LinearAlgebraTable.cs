using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Bench;

/// <summary>
/// Products, factors and eigenvectors in doubles beside OpenBLAS. All take turns in one process, so that what else the
/// machine does meets all of them; each turn begins with a copy of the matrix, which is not timed.
/// </summary>
internal static unsafe class LinearAlgebraTable
{
    // Native libraries' threads go on spinning for some milliseconds after their work.
    private const int PauseMilliseconds = 30;

    private const int Columns = 200;

    public static string Table()
    {
        Require.FullSpeed();
        var text = new StringBuilder();
        string native = NativeLapack.IsThere ? NativeLapack.Name : "OpenBLAS (not there; Debian: libopenblas0-pthread)";
        text.AppendLine(CultureInfo.InvariantCulture, $"Milliseconds: medians of turns, which both take in one process; ratios are the medians of the turns' ratios of speed, above 1 where Gim is faster. {native}.").AppendLine();
        text.AppendLine("| | Turns | Gim, 1 thread | native, 1 thread | Gim / native | Gim, 2 threads | native, 2 threads | Gim / native |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (bool transposeB in (bool[])[false, true])
            Append(text, $"product, 1024{(transposeB ? ", B^T" : "")}", Product(1024, transposeB), rounds: 9);
        foreach (int n in (int[])[1000, 2000])
        {
            Append(text, $"Cholesky, {n}", Factor(n), rounds: 9);
            Append(text, $"solve, {n}, {Columns} right-hand sides", Solve(n), rounds: 9);
        }
        foreach (var (n, rounds) in ((int, int)[])[(500, 7), (1000, 5), (2000, 3)])
            Append(text, $"eigenvectors, {n}", Decompose(n), rounds);
        return text.ToString();
    }

    /// <summary>One question: what prepares a turn, Gim's way and the native one for a number of threads, and a check of what each leaves.</summary>
    private sealed record Case(Action Prepare, Action<int> Gim, Action<int> Native, Action CheckGim, Action CheckNative, Action Free);

    private static void Append(StringBuilder text, string name, Case one, int rounds)
    {
        one.Prepare();
        one.Gim(2);
        one.CheckGim();
        if (NativeLapack.IsThere)
        {
            one.Prepare();
            one.Native(2);
            one.CheckNative();
        }
        var times = new Dictionary<(bool Native, int Threads), double[]>();
        // The first round warms up and is written over.
        for (int round = -1; round < rounds; round++)
        {
            foreach (int threads in (int[])[1, 2])
            {
                foreach (bool native in (bool[])[false, true])
                {
                    if (native && !NativeLapack.IsThere)
                        continue;
                    one.Prepare();
                    Thread.Sleep(PauseMilliseconds);
                    long started = Stopwatch.GetTimestamp();
                    (native ? one.Native : one.Gim)(threads);
                    double elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (!times.TryGetValue((native, threads), out double[]? own))
                        times[(native, threads)] = own = new double[rounds];
                    own[Math.Max(round, 0)] = elapsed;
                }
            }
        }
        one.Free();
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {rounds} |");
        foreach (int threads in (int[])[1, 2])
        {
            double[] gim = times[(false, threads)];
            text.Append(CultureInfo.InvariantCulture, $" {Median(gim):N1} |");
            text.Append(times.TryGetValue((true, threads), out double[]? native)
                ? string.Create(CultureInfo.InvariantCulture, $" {Median(native):N1} | {Median([.. native.Zip(gim, (b, a) => b / a)]):N2} |")
                : " - | - |");
        }
        text.AppendLine();
    }

    private static Case Product(int n, bool transposeB)
    {
        double* a = Random(n * n), b = Random(n * n), c = Random(n * n);
        void Check()
        {
            const int Rows = 2;
            double[] expected = new double[Rows * n];
            DoubleProductReference.Multiply(Rows, n, n, 1, new(a, n * n), n, false, new(b, n * n), n, transposeB, 0, expected, n);
            RequireClose(expected, new(c, Rows * n), 1e-16 * n * n, "DoubleProduct");
        }
        return new Case(
            () => { },
            threads => DoubleProduct.Multiply(n, n, n, 1, new(a, n * n), n, false, new(b, n * n), n, transposeB, 0, new(c, n * n), n, threads),
            threads => NativeLapack.Multiply(n, a, b, transposeB, c, threads),
            Check, Check, () => Free(a, b, c));
    }

    private static Case Factor(int n)
    {
        double* a = PositiveDefinite(n), l = Random(n * n);
        void Check()
        {
            double[] expected = [.. new ReadOnlySpan<double>(a, n * n)];
            const int Few = 300;
            CholeskyReference.Factor(Few, expected, n);
            for (int i = 0; i < Few; i++)
                RequireClose(expected.AsSpan(i * n, i + 1), new(l + i * n, i + 1), 1e-12, "Cholesky");
        }
        return new Case(
            () => new ReadOnlySpan<double>(a, n * n).CopyTo(new(l, n * n)),
            threads => Cholesky.Factor(n, new(l, n * n), n, threads),
            threads => NativeLapack.Factor(n, l, threads),
            Check, Check, () => Free(a, l));
    }

    private static Case Solve(int n)
    {
        double* a = PositiveDefinite(n), l = Random(n * n), b = Random(n * Columns), x = Random(n * Columns);
        new ReadOnlySpan<double>(a, n * n).CopyTo(new(l, n * n));
        Cholesky.Factor(n, new(l, n * n), n, threads: 2);
        Mirror(n, a);
        // The native library takes the same memory for a right-hand side after the other.
        void Check(bool byRows)
        {
            double[] back = new double[n * Columns];
            if (byRows)
                DoubleProduct.Multiply(Columns, n, n, 1, new(x, n * Columns), n, false, new(a, n * n), n, false, 0, back, n);
            else
                DoubleProduct.Multiply(n, Columns, n, 1, new(a, n * n), n, false, new(x, n * Columns), Columns, false, 0, back, Columns);
            RequireClose(new(b, n * Columns), back, 1e-11, byRows ? "dpotrs" : "Cholesky.Solve");
        }
        return new Case(
            () => new ReadOnlySpan<double>(b, n * Columns).CopyTo(new(x, n * Columns)),
            threads => Cholesky.Solve(n, Columns, new(l, n * n), n, new(x, n * Columns), Columns, threads),
            threads => NativeLapack.Solve(n, Columns, l, x, threads),
            () => Check(byRows: false), () => Check(byRows: true), () => Free(a, l, b, x));
    }

    private static Case Decompose(int n)
    {
        double* a = Random(n * n), copy = Random(n * n), values = Random(n), vectors = Random(n * n);
        Mirror(n, a);
        // The native library leaves the vectors as rows, in the matrix's place.
        void Check(bool byRows)
        {
            double[] product = new double[n * n], scaled = [.. new ReadOnlySpan<double>(byRows ? copy : vectors, n * n)];
            if (byRows)
                DoubleProduct.Multiply(n, n, n, 1, scaled, n, false, new(a, n * n), n, false, 0, product, n, threads: 2);
            else
                DoubleProduct.Multiply(n, n, n, 1, new(a, n * n), n, false, scaled, n, false, 0, product, n, threads: 2);
            for (int i = 0; i < n * n; i++)
                scaled[i] *= values[byRows ? i / n : i % n];
            RequireClose(scaled, product, 1e-13 * n, byRows ? "dsyevd" : "SymmetricEigen");
        }
        return new Case(
            () => new ReadOnlySpan<double>(a, n * n).CopyTo(new(copy, n * n)),
            threads => SymmetricEigen.Decompose(n, new(copy, n * n), n, new(values, n), new(vectors, n * n), threads),
            threads => NativeLapack.Decompose(n, copy, values, threads),
            () => Check(byRows: false), () => Check(byRows: true), () => Free(a, copy, values, vectors));
    }

    internal static void RequireClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double allowed, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed))
                throw new InvalidOperationException($"{what}: element {i} is {actual[i]:R} where {expected[i]:R} was expected");
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double* Random(int length)
    {
        const int CacheLine = 64;
        var memory = (double*)NativeMemory.AlignedAlloc((nuint)length * sizeof(double), CacheLine);
        var random = new Random(42);
        for (int i = 0; i < length; i++)
            memory[i] = random.NextDouble() - 0.5;
        return memory;
    }

    private static double* PositiveDefinite(int n)
    {
        double* a = Random(n * n);
        for (int i = 0; i < n; i++)
            a[i * n + i] += n;
        return a;
    }

    private static void Mirror(int n, double* a)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[j * n + i] = a[i * n + j];
        }
    }

    private static void Free(params double*[] all)
    {
        foreach (double* one in all)
            NativeMemory.AlignedFree(one);
    }
}

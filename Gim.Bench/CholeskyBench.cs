using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Bench;

/// <summary>What products and a second core bring to the Cholesky factor over its definition, for a matrix of 512.</summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<CholeskyBench>("GFLOP/s", 1e9)]
public class CholeskyBench : IMeasured
{
    private const int Size = 512;

    private double[] matrix = [], factor = [];

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => (double)Size * Size * Size / 3;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        var random = new Random(42);
        matrix = [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextDouble() - 0.5)];
        for (int i = 0; i < Size; i++)
            matrix[i * Size + i] += Size;
        factor = new double[Size * Size];
        double[] expected = [.. Definition()];
        LinearAlgebraTable.RequireClose(expected, Factor(), 1e-12, "Cholesky");
    }

    /// <summary>With a copy of the matrix, as in the others.</summary>
    [Benchmark(Baseline = true, Description = "definition")]
    public double[] Definition()
    {
        matrix.CopyTo(factor, 0);
        CholeskyReference.Factor(Size, factor, Size);
        return factor;
    }

    [Benchmark(Description = "Cholesky, 1 thread")]
    public double[] Factor() => Factor(threads: 1);

    [Benchmark(Description = "Cholesky, 2 threads")]
    public double[] FactorOnTwo() => Factor(threads: 2);

    private double[] Factor(int threads)
    {
        double[] result = factor;
        matrix.CopyTo(result, 0);
        Cholesky.Factor(Size, result, Size, threads);
        return result;
    }
}

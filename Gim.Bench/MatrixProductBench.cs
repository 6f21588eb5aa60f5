using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Kernels.Products;

namespace Gim.Bench;

/// <summary>What blocks, vectors and a second core bring to the matrix product over its definition, for 256 x 256 x 256.</summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<MatrixProductBench>("GFLOP/s", 1e9)]
public class MatrixProductBench : IMeasured
{
    private const int Size = 256;

    private float[] a = [], b = [], c = [];

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => 2.0 * Size * Size * Size;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        var random = new Random(42);
        float[] Values() => [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextSingle() - 0.5f)];
        (a, b, c) = (Values(), Values(), Values());
        float[] expected = [.. Definition()], actual = Product();
        MatrixProductTable.RequireClose(expected, actual, Size, "MatrixProduct");
    }

    [Benchmark(Baseline = true, Description = "definition")]
    public float[] Definition()
    {
        MatrixProductReference.Multiply(Size, Size, Size, 1, a, Size, false, b, Size, false, 0, c, Size);
        return c;
    }

    [Benchmark(Description = "MatrixProduct, 1 thread")]
    public float[] Product() => Product(threads: 1);

    [Benchmark(Description = "MatrixProduct, 2 threads")]
    public float[] ProductOnTwo() => Product(threads: 2);

    private float[] Product(int threads)
    {
        float[] product = c;
        MatrixProduct.Multiply(Size, Size, Size, 1, a, Size, false, b, Size, false, 0, product, Size, threads: threads);
        return product;
    }
}

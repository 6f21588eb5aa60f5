using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Kernels.Devices;

namespace Gim.Bench;

/// <summary>
/// The forward pass of a block of 768 columns over 64 windows of 64 tokens, one thread, beside its large products alone:
/// what everything else costs.
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<TransformerBlockBench>("GFLOP/s", 1e9)]
public class TransformerBlockBench : IMeasured
{
    private static readonly AttentionShape Shape = new(64, 64, 12, 64);

    private Device? device;
    private TransformerBlock? block;

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark)
        => 24.0 * Shape.Sequences * Shape.Length * Shape.Columns * Shape.Columns;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        device = DeviceCatalog.Open("cpu", 1);
        block = new TransformerBlock(device, Shape);
    }

    [Benchmark(Baseline = true, Description = "products alone")]
    public void Products() => block!.ProductsOnly();

    [Benchmark(Description = "whole block")]
    public void Block() => block!.Forward();

    [GlobalCleanup]
    public void Cleanup()
    {
        block?.Dispose();
        device?.Dispose();
    }
}

using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;

namespace Gim.Bench;

/// <summary>
/// A step of training (d 128, 3 layers, a band of 32, GPT-2's vocabulary, four sequences of 1,024 tokens) on one and on
/// two threads: gradient of the whole model, norm, AdamW over all parameters.
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<TrainingBench>("tokens/s", 1)]
public class TrainingBench : IMeasured
{
    private TrainingCase? one, two;

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => TrainingCase.Tokens;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        one = new TrainingCase(columns: 128, layers: 3, threads: 1);
        two = new TrainingCase(columns: 128, layers: 3, threads: 2);
        // Threads must not change what is learnt.
        for (int step = 0; step < 3; step++)
        {
            double first = one.Step(), second = two.Step();
            if (first != second) throw new InvalidOperationException($"Training: a loss of {first:R} was expected and {second:R} came");
        }
    }

    [Benchmark(Baseline = true, Description = "a step, one thread")]
    public double OneThread() => one!.Step();

    [Benchmark(Description = "a step, two threads")]
    public double TwoThreads() => two!.Step();

    [GlobalCleanup]
    public void Cleanup()
    {
        one?.Dispose();
        two?.Dispose();
    }
}

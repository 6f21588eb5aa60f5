using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

/// <summary>
/// This processor's vector instructions on several threads. Work is divided so that no result depends on how many there
/// are: each value is computed by one thread, in one order.
/// </summary>
/// <param name="threads">0: one per processor.</param>
internal sealed partial class CpuDevice(int threads, DeviceDescription description) : HostDevice(description)
{
    /// <summary>Fewer values than this are done before a second thread would have begun.</summary>
    private const int ValuesPerThread = 32 * 1024;

    private readonly int threads = threads == 0 ? Environment.ProcessorCount : threads;

    public static DeviceDescription Describe() => new()
    {
        Kind = DeviceKind.Cpu,
        Name = Processor.Name,
        MemoryBytes = Processor.MemoryBytes,
        VectorBits = Processor.VectorBits,
        IsProcessor = true,
    };

    /// <summary>Runs <paramref name="part"/> over [0, count) in parts (start, end), on as many threads as the work is worth.</summary>
    /// <param name="valuesEach">Values touched per item.</param>
    private void Divide(int count, long valuesEach, Action<int, int> part)
    {
        long worth = Math.Max(1, count * valuesEach / ValuesPerThread);
        int parts = (int)Math.Min(Math.Min(threads, count), worth);
        if (parts <= 1)
        {
            part(0, count);
            return;
        }
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads },
            i => part((int)((long)count * i / parts), (int)((long)count * (i + 1) / parts)));
    }
}

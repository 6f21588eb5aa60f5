using Gim.Kernels.Devices;
using Gim.Kernels.Products;

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

    /// <summary>Parts per thread where there is work enough, so that a thread that is held up leaves parts to the others.</summary>
    private const int PartsPerThread = 4;

    private readonly int threads = threads == 0 ? Environment.ProcessorCount : threads;

    public static DeviceDescription Describe() => new()
    {
        Kind = DeviceKind.Cpu,
        Name = Processor.Name,
        MemoryBytes = Processor.MemoryBytes,
        VectorBits = Processor.VectorBits,
        IsProcessor = true,
    };

    /// <summary>Does items [0, count) of <paramref name="work"/> in parts, on as many threads as they are worth.</summary>
    /// <param name="valuesEach">Values touched per item; costly functions count as several.</param>
    private unsafe void Divide<TWork>(int count, long valuesEach, TWork work)
        where TWork : unmanaged, IDivisibleWork
    {
        long worth = Math.Max(1, (long)Math.Min(count * (double)valuesEach / ValuesPerThread, int.MaxValue));
        int parts = (int)Math.Min(Math.Min((long)threads * PartsPerThread, count), worth);
        if (parts <= 1 || threads == 1)
        {
            work.Run(0, count);
            return;
        }
        var division = new Division<TWork> { Work = work, Count = count, Parts = parts };
        WorkTeam.Run(&Division<TWork>.Part, &division, parts, threads);
    }

    private unsafe struct Division<TWork>
        where TWork : unmanaged, IDivisibleWork
    {
        public TWork Work;
        public int Count, Parts;

        public static void Part(void* state, int part)
        {
            var division = (Division<TWork>*)state;
            division->Work.Run((int)((long)division->Count * part / division->Parts), (int)((long)division->Count * (part + 1) / division->Parts));
        }
    }
}

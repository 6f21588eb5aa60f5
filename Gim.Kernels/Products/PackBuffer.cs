using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.Products;

/// <summary>
/// Memory for packed blocks, aligned to cache lines: kept per thread and only ever grown, so that repeated products
/// allocate nothing. It is the collector's memory and goes with its thread.
/// </summary>
internal sealed unsafe class PackBuffer
{
    private const int CacheLine = 64;

    [ThreadStatic]
    private static PackBuffer? left, right, sums, attention;

    private float[] memory = [];

    /// <summary>For blocks of A.</summary>
    public static PackBuffer Left => left ??= new();

    /// <summary>For blocks of B.</summary>
    public static PackBuffer Right => right ??= new();

    /// <summary>For sums on their way to C.</summary>
    public static PackBuffer Sums => sums ??= new();

    /// <summary>For the scores of attention, which are operands of products.</summary>
    public static PackBuffer Attention => attention ??= new();

    /// <summary>Room for so many elements with any content, until the thread's next request to the same buffer.</summary>
    public float* Take(nint length)
    {
        nint whole = length + CacheLine / sizeof(float);
        if (memory.Length < whole)
            memory = GC.AllocateUninitializedArray<float>((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)whole), (uint)Array.MaxLength), pinned: true);
        nuint start = (nuint)Unsafe.AsPointer(ref memory[0]);
        return (float*)((start + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }
}

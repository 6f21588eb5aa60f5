using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gim.Bench.Harness;

/// <summary>What one core can do at most: multiply-adds that touch registers only, reading memory in order, and copying it.</summary>
internal static unsafe class Roofline
{
    private const int Chains = 12, Lanes = 16;

    /// <summary>Floating-point operations of <see cref="Compute"/>: a multiply-add counts as two.</summary>
    public static double Operations(int rounds) => 2.0 * Chains * Lanes * rounds;

    /// <summary>Twelve independent chains of fused multiply-adds: more than are under way at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Compute(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.5f), y = Vector512.Create(0.25f);
        Vector512<float> c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, x, y);
            c1 = Vector512.FusedMultiplyAdd(c1, x, y);
            c2 = Vector512.FusedMultiplyAdd(c2, x, y);
            c3 = Vector512.FusedMultiplyAdd(c3, x, y);
            c4 = Vector512.FusedMultiplyAdd(c4, x, y);
            c5 = Vector512.FusedMultiplyAdd(c5, x, y);
            c6 = Vector512.FusedMultiplyAdd(c6, x, y);
            c7 = Vector512.FusedMultiplyAdd(c7, x, y);
            c8 = Vector512.FusedMultiplyAdd(c8, x, y);
            c9 = Vector512.FusedMultiplyAdd(c9, x, y);
            c10 = Vector512.FusedMultiplyAdd(c10, x, y);
            c11 = Vector512.FusedMultiplyAdd(c11, x, y);
        }
        return Vector512.Sum(c0 + c1 + (c2 + c3) + (c4 + c5 + (c6 + c7)) + (c8 + c9 + (c10 + c11)));
    }

    /// <summary>Reads all of the memory once, in eight streams side by side: some processors get more out of them than out of one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float ReadStreams(float* memory, nint length)
    {
        nint part = length / 8 / Lanes * Lanes;
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint i = 0; i < part; i += Lanes)
        {
            float* at = memory + i;
            s0 += Vector512.Load(at) + Vector512.Load(at + part);
            s1 += Vector512.Load(at + 2 * part) + Vector512.Load(at + 3 * part);
            s2 += Vector512.Load(at + 4 * part) + Vector512.Load(at + 5 * part);
            s3 += Vector512.Load(at + 6 * part) + Vector512.Load(at + 7 * part);
        }
        return Vector512.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Reads all of the memory once, in order.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Read(float* memory, nint length)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint i = 0; i <= length - 4 * Lanes; i += 4 * Lanes)
        {
            s0 += Vector512.Load(memory + i);
            s1 += Vector512.Load(memory + i + Lanes);
            s2 += Vector512.Load(memory + i + 2 * Lanes);
            s3 += Vector512.Load(memory + i + 3 * Lanes);
        }
        return Vector512.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Copies memory past the caches, as large results are best written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(float* from, float* to, nint length)
    {
        for (nint i = 0; i <= length - 4 * Lanes; i += 4 * Lanes)
        {
            Vector512.LoadAligned(from + i).StoreAlignedNonTemporal(to + i);
            Vector512.LoadAligned(from + i + Lanes).StoreAlignedNonTemporal(to + i + Lanes);
            Vector512.LoadAligned(from + i + 2 * Lanes).StoreAlignedNonTemporal(to + i + 2 * Lanes);
            Vector512.LoadAligned(from + i + 3 * Lanes).StoreAlignedNonTemporal(to + i + 3 * Lanes);
        }
    }
}

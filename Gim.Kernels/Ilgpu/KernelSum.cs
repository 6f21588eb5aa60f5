using System.Runtime.CompilerServices;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// A sum of float32 values that also keeps what rounding loses, since many GPUs have no double: TwoSum of Knuth (The Art
/// of Computer Programming 2, 4.2.2), as accurate as a sum with twice the digits, rounded once.
/// </summary>
internal struct KernelSum
{
    private float sum, lost;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float value)
    {
        float next = sum + value;
        float added = next - sum;
        lost += sum - (next - added) + (value - added);
        sum = next;
    }

    /// <summary>NaN and ±∞ are as in a plain sum: what is lost is then NaN, and left out.</summary>
    public readonly float Total
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            float all = sum + lost;
            return float.IsNaN(all) ? sum : all;
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

/// <summary>A step of AdamW with vectors.</summary>
internal static unsafe class AdamWUpdate
{
    /// <param name="clip">What the gradient is multiplied by.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* parameters, float* gradient, float* first, float* second, int count, AdamWFactors factors, float clip)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= count - width; i += width)
            Step(parameters + i, gradient + i, first + i, second + i, factors, clip);
        if (i == count) return;
        float* last = stackalloc float[4 * width];
        var beyond = new Span<float>(last, 4 * width);
        beyond.Clear();
        int rest = count - i;
        Copy(parameters + i, last, rest);
        Copy(gradient + i, last + width, rest);
        Copy(first + i, last + 2 * width, rest);
        Copy(second + i, last + 3 * width, rest);
        Step(last, last + width, last + 2 * width, last + 3 * width, factors, clip);
        Copy(last, parameters + i, rest);
        Copy(last + 2 * width, first + i, rest);
        Copy(last + 3 * width, second + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float* parameters, float* gradient, float* first, float* second, in AdamWFactors factors, float clip)
    {
        Vector<float> g = Vector.Load(gradient) * clip;
        Vector<float> m = Vector.Load(first) * factors.Beta1 + g * factors.New1;
        Vector<float> v = Vector.Load(second) * factors.Beta2 + g * g * factors.New2;
        Vector<float> size = Vector.SquareRoot(v) * factors.Root + new Vector<float>(factors.Epsilon);
        Vector<float> p = Vector.Load(parameters);
        (p - (p * factors.Decay + m * factors.Rate / size)).Store(parameters);
        m.Store(first);
        v.Store(second);
    }

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}

using System.Runtime.CompilerServices;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

/// <summary>GELU inside kernels; <see cref="ErrorFunctionFit"/> says which erf.</summary>
internal static class KernelGelu
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(float x) => x < float.MinValue ? 0 : x * Distribution(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Slope(float x)
        => Distribution(x) + x * XMath.Exp(x * x * -0.5f) * ErrorFunctionFit.InverseRootOf2Pi;

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Distribution(float x)
    {
        float t = x * ErrorFunctionFit.InverseRootOf2;
        float magnitude = t < 0 ? -t : t;
        float erf;
        if (magnitude < 1)
        {
            float square = t * t;
            float sum = ErrorFunctionFit.Near6;
            sum = sum * square + ErrorFunctionFit.Near5;
            sum = sum * square + ErrorFunctionFit.Near4;
            sum = sum * square + ErrorFunctionFit.Near3;
            sum = sum * square + ErrorFunctionFit.Near2;
            sum = sum * square + ErrorFunctionFit.Near1;
            sum = sum * square + ErrorFunctionFit.Near0;
            erf = t * sum;
        }
        else
        {
            float end = magnitude < ErrorFunctionFit.FarEnd ? magnitude : ErrorFunctionFit.FarEnd;
            float sum = ErrorFunctionFit.Far8;
            sum = sum * end + ErrorFunctionFit.Far7;
            sum = sum * end + ErrorFunctionFit.Far6;
            sum = sum * end + ErrorFunctionFit.Far5;
            sum = sum * end + ErrorFunctionFit.Far4;
            sum = sum * end + ErrorFunctionFit.Far3;
            sum = sum * end + ErrorFunctionFit.Far2;
            sum = sum * end + ErrorFunctionFit.Far1;
            sum = sum * end + ErrorFunctionFit.Far0;
            float far = 1 - XMath.Exp(sum);
            erf = t < 0 ? -far : far;
        }
        return (1 + erf) * 0.5f;
    }
}

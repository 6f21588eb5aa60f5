using ILGPU;
using ILGPU.Runtime;

namespace Gim.Kernels.Ilgpu;

/// <summary>Starting kernels: groups, threads in each, then the kernel's own arguments.</summary>
internal sealed partial class KernelLoader
{
    public void Launch<T1>(Action<T1> kernel, int groups, int threads, T1 a1)
        where T1 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1>>(kernel.Method)(accelerator.DefaultStream, new KernelConfig(groups, threads), a1);

    public void Launch<T1, T2>(
        Action<T1, T2> kernel, int groups, int threads,
        T1 a1, T2 a2)
        where T1 : struct where T2 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2);

    public void Launch<T1, T2, T3>(
        Action<T1, T2, T3> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3)
        where T1 : struct where T2 : struct where T3 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3);

    public void Launch<T1, T2, T3, T4>(
        Action<T1, T2, T3, T4> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4);

    public void Launch<T1, T2, T3, T4, T5>(
        Action<T1, T2, T3, T4, T5> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4, T5 a5)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4, a5);

    public void Launch<T1, T2, T3, T4, T5, T6>(
        Action<T1, T2, T3, T4, T5, T6> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4, a5, a6);

    public void Launch<T1, T2, T3, T4, T5, T6, T7>(
        Action<T1, T2, T3, T4, T5, T6, T7> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4, a5, a6, a7);

    public void Launch<T1, T2, T3, T4, T5, T6, T7, T8>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4, a5, a6, a7, a8);

    public void Launch<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel, int groups, int threads,
        T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
        => Load<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>>(kernel.Method)(
            accelerator.DefaultStream, new KernelConfig(groups, threads), a1, a2, a3, a4, a5, a6, a7, a8, a9);
}

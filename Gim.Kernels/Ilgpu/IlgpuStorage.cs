using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Runtime;

namespace Gim.Kernels.Ilgpu;

/// <summary>A block of an ILGPU device's memory.</summary>
internal sealed class IlgpuStorage(MemoryBuffer1D<float, Stride1D.Dense> memory, long bytes) : DeviceStorage(bytes)
{
    /// <summary>The whole block as 32-bit values.</summary>
    public ArrayView<float> Values => memory.View;

    protected override void Free() => memory.Dispose();
}

using System.Runtime.InteropServices;

namespace Gim.Kernels.Devices;

/// <summary>Plain memory, outside the garbage collector's reach and aligned for every vector width.</summary>
internal sealed unsafe class HostStorage(long bytes) : DeviceStorage(bytes)
{
    private const nuint Alignment = 64;

    public void* Memory { get; } = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);

    protected override void Free() => NativeMemory.AlignedFree(Memory);
}

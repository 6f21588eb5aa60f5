using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

/// <summary>
/// The definition of every operation: plain loops over float32 values with double arithmetic in between, rounded once.
/// The loops take any floating-point type, so that gradients can be checked in double.
/// </summary>
internal sealed partial class ReferenceDevice() : HostDevice(Describe())
{
    public static DeviceDescription Describe() => new()
    {
        Kind = DeviceKind.Reference,
        Name = Processor.Name,
        MemoryBytes = Processor.MemoryBytes,
        IsProcessor = true,
    };
}

using Gim.Kernels.Devices;
using Gim.Tests.Kernels.Devices;

namespace Gim.Tests.Similarity;

/// <summary>Cases that compare with the golden numbers on a device; skipped, with the reason, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenDeviceTheoryAttribute : TheoryAttribute
{
    public GoldenDeviceTheoryAttribute(DeviceKind kind)
    {
        Kind = kind;
        Skip = SharedData.GoldenFolder is null ? GoldenTheoryAttribute.Reason : TestDevices.Missing(kind);
    }

    public DeviceKind Kind { get; }
}

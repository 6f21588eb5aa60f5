using System.Collections.Concurrent;
using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>The devices that tests run on, each opened once.</summary>
internal static class TestDevices
{
    private static readonly ConcurrentDictionary<string, Lazy<Device>> Opened = new();

    private static readonly Lazy<IReadOnlyList<DeviceDescription>> Listed = new(DeviceCatalog.List);

    public static Device Get(string choice) => Opened.GetOrAdd(choice, name => new Lazy<Device>(() => DeviceCatalog.Open(name))).Value;

    /// <summary>
    /// Why a device's tests are skipped; null where they run. Under continuous integration (CI=true) OpenCL must be there:
    /// it is the only real device there, and a skip would look like a pass.
    /// </summary>
    public static string? Missing(DeviceKind kind)
    {
        if (kind == DeviceKind.OpenCl && Environment.GetEnvironmentVariable("CI") == "true") return null;
        DeviceDescription[] ofKind = [.. Listed.Value.Where(device => device.Kind == kind)];
        return ofKind.Any(device => device.Usable) ? null : $"no {kind.ChoiceName()} device: {ofKind[0].Unusable}";
    }
}

/// <summary>Cases that run on a device; skipped, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceTheoryAttribute : TheoryAttribute
{
    public DeviceTheoryAttribute(DeviceKind kind)
    {
        Kind = kind;
        Skip = TestDevices.Missing(kind);
    }

    public DeviceKind Kind { get; }
}

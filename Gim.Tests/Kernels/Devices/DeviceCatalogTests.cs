using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Choosing a device by name. GIM_FORCE_DEVICE belongs to the process: these tests run one after another, as one class does.</summary>
public class DeviceCatalogTests
{
    [Fact]
    public void Every_kind_is_listed_usable_or_with_the_reason()
    {
        IReadOnlyList<DeviceDescription> devices = DeviceCatalog.List();
        Assert.Equal(Enum.GetValues<DeviceKind>().Order(), devices.Select(device => device.Kind).Distinct().Order());
        Assert.All(devices, device => Assert.True(device.Usable ? device is { Name.Length: > 0, MemoryBytes: > 0 } : device.Unusable!.Length > 10, device.ToString()));
        Assert.Equal(devices.Count, devices.Select(device => device.Choice).Distinct().Count());
        Assert.All(devices.Where(device => device.Kind is DeviceKind.Cpu or DeviceKind.Reference or DeviceKind.IlgpuCpu), device => Assert.True(device.Usable));
    }

    [Fact]
    public void Auto_never_takes_a_processor_in_disguise()
    {
        IReadOnlyList<DeviceDescription> devices = DeviceCatalog.List();
        DeviceDescription pretender = new() { Kind = DeviceKind.OpenCl, Name = "processor", IsProcessor = true };
        DeviceDescription broken = new() { Kind = DeviceKind.Cuda, Name = "old", Unusable = "too old" };
        DeviceDescription gpu = new() { Kind = DeviceKind.OpenCl, Index = 1, Name = "gpu" };
        DeviceDescription cpu = devices.Single(device => device.Kind == DeviceKind.Cpu);
        Forcing(null, () =>
        {
            Assert.Same(cpu, DeviceCatalog.AutoChoice([broken, pretender, cpu]));
            Assert.Same(gpu, DeviceCatalog.AutoChoice([broken, pretender, gpu, cpu]));
        });
    }

    [Theory]
    [InlineData("cpu", DeviceKind.Cpu)]
    [InlineData("cpu:0", DeviceKind.Cpu)]
    [InlineData("reference", DeviceKind.Reference)]
    [InlineData("ilgpu-cpu", DeviceKind.IlgpuCpu)]
    public void A_device_opens_under_its_name(string choice, DeviceKind kind)
    {
        using Device device = DeviceCatalog.Open(choice);
        Assert.Equal(kind, device.Description.Kind);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("cpu:")]
    [InlineData("cpu:-1")]
    [InlineData("cpu: 1")]
    [InlineData("cuda:99999999999")]
    [InlineData("auto:0")]
    public void Another_name_is_refused_with_the_names_there_are(string choice)
        => Assert.Contains("choose auto, cuda, opencl, cpu, ilgpu-cpu, reference", Assert.Throws<DeviceException>(() => DeviceCatalog.Open(choice)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cpu:1")]
    [InlineData("cuda:77")]
    [InlineData("opencl:77")]
    public void A_missing_device_is_refused_with_what_there_is(string choice)
    {
        string message = Assert.Throws<DeviceException>(() => DeviceCatalog.Open(choice)).Message;
        Assert.StartsWith($"device '{choice}' cannot be used: ", message, StringComparison.Ordinal);
        Assert.Contains("usable here: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void The_environment_overrides_auto_and_nothing_else()
    {
        Forcing("reference", () =>
        {
            using Device forced = DeviceCatalog.Open("auto"), chosen = DeviceCatalog.Open("cpu");
            Assert.Equal(DeviceKind.Reference, forced.Description.Kind);
            Assert.Equal(DeviceKind.Cpu, chosen.Description.Kind);
            Assert.Equal(DeviceKind.Reference, DeviceCatalog.AutoChoice(DeviceCatalog.List()).Kind);
        });
        Forcing("opencl:77", () =>
            Assert.Contains("'opencl:77'", Assert.Throws<DeviceException>(() => DeviceCatalog.Open("auto")).Message, StringComparison.Ordinal));
    }

    private static void Forcing(string? choice, Action test)
    {
        string? before = Environment.GetEnvironmentVariable(DeviceCatalog.ForceVariable);
        try
        {
            Environment.SetEnvironmentVariable(DeviceCatalog.ForceVariable, choice);
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable(DeviceCatalog.ForceVariable, before);
        }
    }
}

using Gim.Kernels.Devices;
using Xunit.Abstractions;

namespace Gim.Tests.Kernels.Devices;

/// <summary>
/// Every operation on every device, against the reference. A device's class says only which device it is and how large
/// the cases may be; <see cref="OperationChecks"/> holds the cases, <see cref="SuiteTable"/> what came of them.
/// </summary>
public abstract class DeviceSuite(ITestOutputHelper output)
{
    public static TheoryData<string> Checks => [.. OperationChecks.All.Keys];

    protected void Run(DeviceKind kind, string check)
    {
        Device device = TestDevices.Get(kind.ChoiceName());
        // Operations are for one thread at a time; xunit runs classes beside each other.
        lock (device)
        {
            var comparison = new Comparison(TestDevices.Get("reference"), device);
            string result = "failed";
            try
            {
                OperationChecks.All[check](comparison);
                result = comparison.Largest == 0 ? "passed (equal)" : $"passed ({comparison.Largest:G2}, {100 * comparison.LargestShare:F0} %)";
            }
            finally
            {
                SuiteTable.Add(check, kind, result);
            }
            output.WriteLine($"{device.Description}: {check}: largest difference {comparison.Largest:G3}");
        }
    }
}

public sealed class ReferenceDeviceTests(ITestOutputHelper output) : DeviceSuite(output)
{
    [Theory, MemberData(nameof(Checks))]
    public void Operation(string check) => Run(DeviceKind.Reference, check);
}

public sealed class CpuDeviceTests(ITestOutputHelper output) : DeviceSuite(output)
{
    [Theory, MemberData(nameof(Checks))]
    public void Operation(string check) => Run(DeviceKind.Cpu, check);
}

public sealed class SimulatedDeviceTests(ITestOutputHelper output) : DeviceSuite(output)
{
    [Theory, MemberData(nameof(Checks))]
    public void Operation(string check) => Run(DeviceKind.IlgpuCpu, check);
}

public sealed class OpenClDeviceTests(ITestOutputHelper output) : DeviceSuite(output)
{
    [DeviceTheory(DeviceKind.OpenCl), MemberData(nameof(Checks))]
    public void Operation(string check) => Run(DeviceKind.OpenCl, check);
}

public sealed class CudaDeviceTests(ITestOutputHelper output) : DeviceSuite(output)
{
    [DeviceTheory(DeviceKind.Cuda), MemberData(nameof(Checks))]
    public void Operation(string check) => Run(DeviceKind.Cuda, check);
}

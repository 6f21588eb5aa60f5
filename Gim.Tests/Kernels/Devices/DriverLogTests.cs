using Gim.Kernels.Devices;
using Gim.Kernels.Ilgpu;
using ILGPU;
using ILGPU.Runtime.OpenCL;

namespace Gim.Tests.Kernels.Devices;

public class DriverLogTests
{
    [DeviceTheory(DeviceKind.OpenCl)]
    [InlineData("__kernel void refused() { there_is_no_such_name = 1; }", true)]
    [InlineData("__kernel void refused() { }", false)]
    public void The_drivers_own_words_are_found(string source, bool refused)
    {
        NativeLibraries.MapNames();
        using Context context = Context.Create(builder => builder.OpenCL(device =>
        {
            OpenClQuirks.Admit(device);
            return true;
        }));
        using CLAccelerator accelerator = context.CreateCLAccelerator(0);
        string log = DriverLog.OfOpenCl(accelerator, "refused", source, accelerator.CVersion);
        Assert.Equal(refused, log.Contains("there_is_no_such_name", StringComparison.Ordinal));
    }
}

using Gim.Kernels.Devices;
using Gim.Report;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>Lists the devices of this machine.</summary>
internal static class DevicesCommand
{
    public static int Run()
    {
        IReadOnlyList<DeviceDescription> devices = DeviceCatalog.List();
        DeviceDescription? automatic = null;
        string? problem = null;
        try
        {
            automatic = DeviceCatalog.AutoChoice(devices);
        }
        catch (DeviceException missing)
        {
            problem = missing.Message;
        }
        IAnsiConsole console = JobRunner.ResultConsole();
        DeviceTable.Write(devices, automatic, problem, console);
        return ExitCodes.Done;
    }
}

using Gim.Kernels.Devices;
using Gim.Report;
using Spectre.Console;

namespace Gim.Tests.Report;

public class DeviceTableTests
{
    [Fact]
    public void Each_device_has_a_row_with_what_it_is_and_why_not()
    {
        DeviceDescription cpu = new() { Kind = DeviceKind.Cpu, Name = "Some [processor]", MemoryBytes = 16_000_000_000, VectorBits = 256, IsProcessor = true };
        DeviceDescription gpu = new() { Kind = DeviceKind.Cuda, Index = 1, Name = "Old GPU", MemoryBytes = 2_000_000_000, ComputeCapability = "3.5", Unusable = "too old" };
        string[] lines = Write([gpu, cpu], cpu, null);
        Assert.Contains(lines, line => Words(line) == "cuda:1 Old GPU GPU 2.00 GB compute 3.5 no: too old");
        Assert.Contains(lines, line => Words(line) == "cpu Some [processor] processor 16.00 GB simd 256 yes");
        Assert.Contains("auto takes Some [processor] (cpu; simd 256).", lines);
        Assert.Contains("auto takes none: it is not there", Write([gpu], null, "it is not there"));
    }

    private static string[] Write(IReadOnlyList<DeviceDescription> devices, DeviceDescription? automatic, string? problem)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        DeviceTable.Write(devices, automatic, problem, console);
        return text.ToString().Split('\n', StringSplitOptions.TrimEntries);
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

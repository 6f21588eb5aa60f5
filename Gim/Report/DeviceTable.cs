using Gim.Kernels.Devices;
using Spectre.Console;

namespace Gim.Report;

/// <summary>The devices of this machine as a table for people.</summary>
internal static class DeviceTable
{
    /// <param name="automatic">The device that "auto" takes, or null where <paramref name="problem"/> says why there is none.</param>
    public static void Write(IReadOnlyList<DeviceDescription> devices, DeviceDescription? automatic, string? problem, IAnsiConsole console)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        foreach (string column in (string[])["device", "name", "kind", "memory", "details", "usable"])
            table.AddColumn(new TableColumn(column).PadLeft(0));
        foreach (DeviceDescription device in devices)
        {
            string[] cells =
            [
                device.Choice,
                device.Name,
                KindOf(device),
                device.MemoryBytes > 0 ? Quantity.Amount(device.MemoryBytes, "bytes") : "",
                device.Details,
                device.Unusable is { } reason ? $"no: {reason}" : "yes",
            ];
            // Drivers name their devices as they like: as markup, a bracket in a name would be an error.
            table.AddRow(cells.Select(cell => new Spectre.Console.Text(cell)));
        }
        console.Write(table);
        console.WriteLine(automatic is null ? $"auto takes none: {problem}" : $"auto takes {automatic}.");
    }

    private static string KindOf(DeviceDescription device)
        => device.Kind == DeviceKind.IlgpuCpu ? "simulator"
            : device.IsProcessor ? "processor"
            : device.MemoryBytes > 0 ? "GPU" : "";
}

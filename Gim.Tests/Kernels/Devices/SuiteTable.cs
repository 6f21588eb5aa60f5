using System.Text;
using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>
/// What the device suite found, operation by device, as a Markdown table beside the test assembly: written anew after
/// every check, so that a run that is stopped leaves what it knows.
/// </summary>
internal static class SuiteTable
{
    private static readonly Lock Gate = new();

    private static readonly Dictionary<(string Check, DeviceKind Kind), string> Results = [];

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "device-suite.md");

    public static void Add(string check, DeviceKind kind, string result)
    {
        lock (Gate)
        {
            Results[(check, kind)] = result;
            string next = Path + ".next";
            File.WriteAllText(next, Text());
            File.Move(next, Path, overwrite: true);
        }
    }

    private static string Text()
    {
        DeviceKind[] kinds = Enum.GetValues<DeviceKind>();
        var missing = kinds.Select(kind => (Kind: kind, Reason: TestDevices.Missing(kind))).Where(device => device.Reason is not null).ToDictionary();
        string[] header = ["operation", .. kinds.Select(kind => kind.ChoiceName())];
        List<string[]> rows = [.. OperationChecks.All.Keys.Select(check => (string[])
            [check, .. kinds.Select(kind => missing.ContainsKey(kind) ? "skipped" : Results.GetValueOrDefault((check, kind), "not run"))])];
        int[] widths = [.. header.Select((name, column) => rows.Append(header).Max(row => row[column].Length))];

        var text = new StringBuilder("Every operation on every device against the reference, all sizes and variants: the largest difference, absolute, and the\nlargest share that a difference took of what the operation's test allows there (an absolute part and one by the value).\n\n");
        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
        Line(header);
        Line(widths.Select(width => new string('-', width)));
        rows.ForEach(Line);
        if (missing.Count > 0) text.Append('\n');
        foreach ((DeviceKind kind, string? reason) in missing)
            text.Append($"{kind.ChoiceName()} skipped: {reason}\n");
        return text.ToString();
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Environments;

namespace Gim.Bench.Harness;

/// <summary>What the figures depend on: the processor and the versions of everything that ran.</summary>
internal static partial class Machine
{
    /// <summary>A folder name for this machine's results ("amd-epyc-zen4-2-cores").</summary>
    public static string Name
    {
        get
        {
            string name = $"{ProcessorName()} {Zen()} {Environment.ProcessorCount} cores".ToLowerInvariant();
            return NotPlain().Replace(Trademark().Replace(name, ""), "-").Trim('-');
        }
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();

    [GeneratedRegex(@"\((r|tm)\)|\bcpu\b|\bprocessor\b|@.*(?= \d+ cores)")]
    private static partial Regex Trademark();

    /// <summary>Text of versions.txt.</summary>
    public static string Versions()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Processor: {$"{ProcessorName()} {Zen()}".Trim()}, {Environment.ProcessorCount} cores");
        text.AppendLine(CultureInfo.InvariantCulture, $"OS: {RuntimeInformation.OSDescription}");
        text.AppendLine(CultureInfo.InvariantCulture, $".NET: {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}");
        foreach (string package in (string[])["BenchmarkDotNet", "SharpToken", "Microsoft.ML.Tokenizers"])
            text.AppendLine(CultureInfo.InvariantCulture, $"{package}: {VersionOf(package)}");
        return text.ToString();
    }

    /// <summary>How many processes wanted a processor over the last minute; null where the system does not say.</summary>
    public static double? Load()
    {
        const string Place = "/proc/loadavg";
        return File.Exists(Place)
            && double.TryParse(File.ReadAllText(Place).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load)
            ? load : null;
    }

    /// <summary>A package's version as restored; assemblies do not always carry it.</summary>
    private static string VersionOf(string package)
    {
        using JsonDocument dependencies = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{typeof(Machine).Assembly.GetName().Name}.deps.json")));
        return dependencies.RootElement.GetProperty("libraries").EnumerateObject()
            .Select(library => library.Name.Split('/'))
            .First(name => name[0] == package)[1];
    }

    private static string ProcessorName()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
            return HostEnvironmentInfo.GetCurrent().Cpu.Value?.ProcessorName ?? RuntimeInformation.ProcessArchitecture.ToString();
        int[] words = new int[12];
        for (int i = 0; i < 3; i++)
        {
            var (a, b, c, d) = X86Base.CpuId(unchecked((int)0x80000002) + i, 0);
            ((ReadOnlySpan<int>)[a, b, c, d]).CopyTo(words.AsSpan(4 * i));
        }
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>(words)).Trim('\0', ' ');
    }

    /// <summary>AMD's generation, which a virtual machine's processor name leaves out; "" for others.</summary>
    private static string Zen()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Ecx != 0x444D4163) // "cAMD", the end of "AuthenticAMD"
            return "";
        int signature = X86Base.CpuId(1, 0).Eax;
        int family = (signature >> 8 & 0xF) + (signature >> 20 & 0xFF);
        int model = (signature >> 4 & 0xF) | (signature >> 12 & 0xF0);
        return (family, model) switch
        {
            (0x17, < 0x30) => "zen",
            (0x17, _) => "zen2",
            (0x19, (>= 0x10 and < 0x20) or (>= 0x60 and < 0x80) or (>= 0xA0 and < 0xB0)) => "zen4",
            (0x19, _) => "zen3",
            (0x1A, _) => "zen5",
            _ => "",
        };
    }
}

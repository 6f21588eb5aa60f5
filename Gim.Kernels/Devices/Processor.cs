using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gim.Kernels.Devices;

/// <summary>What is known of this machine's processor.</summary>
internal static class Processor
{
    public static string Name { get; } = FindName();

    public static int VectorBits { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 8 * Vector<byte>.Count;

    /// <summary>What this process may use: a container's limit, not the machine's size.</summary>
    public static long MemoryBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string FindName()
    {
        const string list = "/proc/cpuinfo";
        string fallback = $"{Environment.ProcessorCount} x {RuntimeInformation.ProcessArchitecture}";
        try
        {
            return File.Exists(list)
                ? File.ReadLines(list).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? fallback
                : fallback;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return fallback;
        }
    }
}

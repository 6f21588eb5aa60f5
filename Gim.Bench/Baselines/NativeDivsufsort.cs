using System.Runtime.InteropServices;

namespace Gim.Bench.Baselines;

/// <summary>Mori's libdivsufsort, the suffix sorter that others are measured by, where the system has the library. One thread, bytes only.</summary>
internal static unsafe partial class NativeDivsufsort
{
    private const string Library = "libdivsufsort.so.3";

    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>Why it is not measured, where it is not there.</summary>
    public const string Missing = $"libdivsufsort was not there ({Library}; Debian: libdivsufsort3).";

    public static string Name => $"libdivsufsort {Marshal.PtrToStringAnsi(divsufsort_version())}";

    /// <summary>Writes the start positions of all suffixes, in ascending order.</summary>
    public static void Sort(ReadOnlySpan<byte> text, Span<int> suffixes)
    {
        fixed (byte* symbols = text)
        fixed (int* positions = suffixes)
        {
            int result = divsufsort(symbols, positions, text.Length);
            if (result != 0)
                throw new InvalidOperationException($"divsufsort failed with code {result}");
        }
    }

    [LibraryImport(Library)]
    private static partial nint divsufsort_version();

    [LibraryImport(Library)]
    private static partial int divsufsort(byte* text, int* suffixes, int length);
}

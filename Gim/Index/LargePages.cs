using System.Runtime.InteropServices;

namespace Gim.Index;

/// <summary>
/// Asks the system to back memory by large pages where it can. Sorting reads and writes at random places of gigabytes:
/// with pages of 4 KB nearly every access also misses the processor's table of pages.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint Page = 1 << 12, Worthwhile = 1 << 23;

    /// <summary>Linux's MADV_HUGEPAGE.</summary>
    private const int HugePage = 14;

    /// <summary>A hint: does nothing on other systems, for little memory, or where the system declines.</summary>
    public static void Advise(void* memory, nuint bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < Worthwhile)
            return;
        nuint start = ((nuint)memory + Page - 1) & ~(Page - 1), end = ((nuint)memory + bytes) & ~(Page - 1);
        try
        {
            _ = madvise((void*)start, end - start, HugePage);
        }
        catch (Exception problem) when (problem is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without that library: ordinary pages do.
        }
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* memory, nuint bytes, int advice);
}

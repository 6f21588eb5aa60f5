using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// The drivers' libraries. ILGPU asks for one named OpenCL, which Linux has only where developers' packages are
/// installed; without the mapping below no device would be listed, and nothing would say why.
/// </summary>
internal static class NativeLibraries
{
    public static readonly string[] OpenClNames =
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    public static readonly string[] CudaNames =
        OperatingSystem.IsWindows() ? ["nvcuda.dll"] : OperatingSystem.IsMacOS() ? ["libcuda.dylib"] : ["libcuda.so.1", "libcuda.so"];

    private static readonly Lazy<bool> Mapped = new(Map);

    /// <summary>Must run before ILGPU first looks for OpenCL.</summary>
    public static void MapNames() => _ = Mapped.Value;

    public static bool CanLoad(string[] names) => Load(names) != 0;

    private static bool Map()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // the program that hosts this library has set its own
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        => name is "OpenCL" or "OpenCL.dll" ? Load(OpenClNames) : 0;

    private static nint Load(string[] names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return library;
        }
        return 0;
    }
}

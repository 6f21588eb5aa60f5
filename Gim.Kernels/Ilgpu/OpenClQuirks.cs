using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// Devices without OpenCL's generic address space. ILGPU refuses them, and writes <c>__generic</c> in its source, though
/// none of these kernels has a pointer that may be global or shared. Such a device is said to have the feature, so that it
/// can be opened, and its kernels' source then names the one address space that is meant. Devices that have it go ILGPU's
/// own way.
/// </summary>
internal static partial class OpenClQuirks
{
    private static readonly ConditionalWeakTable<Device, object> Pretending = [];

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern SeparateViewEntryPoint EntryPoint(CLCompiledKernel kernel);

    [GeneratedRegex(@"\(\s*(?:volatile\s+)?(?:__generic|global)?\s*(?:volatile\s+)?(atomic_\w+)\s*\*\s*\)")]
    private static partial Regex AtomicCast();

    /// <summary>Makes a device without the feature pass ILGPU's check.</summary>
    public static void Admit(CLDevice device)
    {
        if (device.Capabilities.GenericAddressSpace) return;
        SetGenericAddressSpace(device.Capabilities, true);
        Pretending.AddOrUpdate(device, device);
    }

    public static bool LacksGenericAddressSpace(Accelerator accelerator) => Pretending.TryGetValue(accelerator.Device, out _);

    public static CLCompiledKernel WithoutGenericAddressSpace(CLCompiledKernel kernel)
    {
        string source = AtomicCast().Replace(kernel.Source, "(volatile global $1*)").Replace("__generic", "global", StringComparison.Ordinal);
        return new CLCompiledKernel(kernel.Context, EntryPoint(kernel), kernel.Info, source, kernel.CVersion);
    }
}

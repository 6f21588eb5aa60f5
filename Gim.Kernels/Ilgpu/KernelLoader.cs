using System.Reflection;
using Gim.Kernels.Devices;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Gim.Kernels.Ilgpu;

/// <summary>Compiles kernels, each once, and knows what is special about each device in doing so.</summary>
internal sealed partial class KernelLoader(Accelerator accelerator, DeviceDescription description)
{
    private readonly Dictionary<MethodInfo, Delegate> launchers = [];

    private TLauncher Load<TLauncher>(MethodInfo kernel) where TLauncher : Delegate
    {
        if (!launchers.TryGetValue(kernel, out Delegate? launcher))
        {
            launcher = Compile(kernel).CreateLauncherDelegate<TLauncher>();
            launchers.Add(kernel, launcher);
        }
        return (TLauncher)launcher;
    }

    private Kernel Compile(MethodInfo method)
    {
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(method);
        CompiledKernel? compiled = null;
        try
        {
            compiled = accelerator.CompileKernel(entry);
            if (compiled is CLCompiledKernel source && OpenClQuirks.LacksGenericAddressSpace(accelerator))
                compiled = OpenClQuirks.WithoutGenericAddressSpace(source);
            return accelerator.LoadKernel(compiled);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new DeviceException(
                $"{description.Choice}: the driver of {description.Name} did not take kernel {method.Name} ({Target()}): {Reason(failure, compiled)}; update the driver, or use another device ('gim devices' lists them)",
                failure);
        }
    }

    /// <summary>What was compiled for: the first question when a driver refuses.</summary>
    private string Target() => accelerator switch
    {
        CudaAccelerator cuda => $"{cuda.Architecture}, PTX {cuda.InstructionSet}, driver {cuda.DriverVersion}",
        CLAccelerator openCl => $"OpenCL C {openCl.CVersion}, {openCl.VendorName}",
        _ => accelerator.AcceleratorType.ToString(),
    };

    private string Reason(Exception failure, CompiledKernel? compiled)
    {
        const int enough = 600;
        string text = $"{(failure.InnerException ?? failure).Message.ReplaceLineEndings(" ")} {DriverLog.Of(accelerator, compiled)}".Trim();
        return text.Length <= enough ? text : text[..enough];
    }
}

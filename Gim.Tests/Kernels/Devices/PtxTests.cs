using System.Reflection;
using Gim.Kernels.Ilgpu;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Every kernel compiles to PTX for the GPUs of three generations, whether or not one is here.</summary>
public class PtxTests
{
    public static TheoryData<string> Kernels => [.. AllKernels().Select(kernel => $"{kernel.DeclaringType!.Name}.{kernel.Name}").Order()];

    [Fact]
    public void Every_kernel_that_a_device_starts_is_marked()
    {
        // Kernels take views and return nothing; one without the mark would not be compiled below.
        MethodInfo[] unmarked = [.. typeof(DeviceKernelAttribute).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(void) && method.GetParameters().Any(IsView))
            .Except(AllKernels())];
        Assert.Empty(unmarked);
        Assert.NotEmpty(AllKernels());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Kernel_compiles_to_ptx(string name)
    {
        MethodInfo kernel = AllKernels().Single(method => $"{method.DeclaringType!.Name}.{method.Name}" == name);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        foreach (CudaArchitecture architecture in (CudaArchitecture[])[CudaArchitecture.SM_70, CudaArchitecture.SM_80, CudaArchitecture.SM_90])
        {
            using Context context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2));
            using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_80, null!);
            var compiled = (PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty);
            Assert.Contains($".visible .entry {compiled.Name}(", compiled.PTXAssembly, StringComparison.Ordinal);
            // PTX runs on the generation it names and on later ones; ILGPU 1.5.3 names sm_80 for sm_90.
            string target = architecture == CudaArchitecture.SM_70 ? "sm_70" : "sm_80";
            Assert.Contains($".target {target}", compiled.PTXAssembly, StringComparison.Ordinal);
            // A local array would mean that sums are kept in memory instead of registers.
            Assert.DoesNotContain(".local", compiled.PTXAssembly, StringComparison.Ordinal);
        }
    }

    private static bool IsView(ParameterInfo parameter)
        => parameter.ParameterType.IsGenericType && parameter.ParameterType.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static MethodInfo[] AllKernels() => [.. typeof(DeviceKernelAttribute).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<DeviceKernelAttribute>() is not null)];
}

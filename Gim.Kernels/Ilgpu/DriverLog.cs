using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// What a driver's compiler says of a kernel that it refused: ILGPU's exceptions have the error's number only.
/// </summary>
internal static class DriverLog
{
    /// <summary>Compiles once more and returns the log on one line; empty where there is none.</summary>
    public static string Of(Accelerator accelerator, CompiledKernel? kernel)
    {
        string log = (accelerator, kernel) switch
        {
            (CLAccelerator openCl, CLCompiledKernel source) => OfOpenCl(openCl, source.Name, source.Source, source.CVersion),
            (CudaAccelerator cuda, PTXCompiledKernel ptx) => OfCuda(cuda, ptx),
            _ => "",
        };
        return string.Join(' ', log.Split((char[])['\n', '\r', '\0'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    public static string OfOpenCl(CLAccelerator accelerator, string name, string source, CLCVersion version)
    {
        CLError error = CLKernel.LoadKernel(accelerator, name, source, version, out nint program, out nint kernel, out string? log);
        if (error == CLError.CL_SUCCESS)
        {
            _ = CLAPI.CurrentAPI.ReleaseKernel(kernel);
            _ = CLAPI.CurrentAPI.ReleaseProgram(program);
        }
        return log ?? "";
    }

    private static string OfCuda(CudaAccelerator accelerator, PTXCompiledKernel kernel)
    {
        accelerator.Bind();
        if (CudaAPI.CurrentAPI.LoadModule(out nint module, kernel.PTXAssembly, out string? log) == CudaError.CUDA_SUCCESS)
            _ = CudaAPI.CurrentAPI.DestroyModule(module);
        return log ?? "";
    }
}

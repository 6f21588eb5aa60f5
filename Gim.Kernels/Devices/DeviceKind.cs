namespace Gim.Kernels.Devices;

/// <summary>The ways in which the one list of operations runs.</summary>
public enum DeviceKind
{
    /// <summary>Plain loops in double precision: the definition of every operation.</summary>
    Reference,

    /// <summary>This processor's vector instructions.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>A GPU, or a processor that offers itself as one, through OpenCL.</summary>
    OpenCl,

    /// <summary>The GPU kernels run by ILGPU's simulator: a debugger, thousands of times slower than the rest.</summary>
    IlgpuCpu,
}

/// <summary>The names under which users choose devices.</summary>
public static class DeviceKindNames
{
    public static string ChoiceName(this DeviceKind kind) => kind switch
    {
        DeviceKind.Reference => "reference",
        DeviceKind.Cpu => "cpu",
        DeviceKind.Cuda => "cuda",
        DeviceKind.OpenCl => "opencl",
        DeviceKind.IlgpuCpu => "ilgpu-cpu",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

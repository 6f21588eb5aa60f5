using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Gim.Kernels.Ilgpu;

/// <summary>Which devices ILGPU finds, what they are, and how they are opened.</summary>
internal static class IlgpuCatalog
{
    /// <summary>The devices of a kind; where there is none, one entry that says why.</summary>
    public static IReadOnlyList<DeviceDescription> List(DeviceKind kind)
    {
        if (MissingLibrary(kind) is { } missing)
            return [None(kind, missing)];
        try
        {
            using Context context = CreateContext(kind);
            List<DeviceDescription> found = [.. Devices(context, kind).Select((device, index) => Describe(kind, index, device))];
            return found.Count > 0 ? found : [None(kind, NoDevices(kind))];
        }
        catch (Exception failure)
        {
            // A driver can fail in any way it likes; a list of devices must still appear.
            return [None(kind, $"the driver failed: {(failure.InnerException ?? failure).Message.ReplaceLineEndings(" ")}")];
        }
    }

    /// <exception cref="DeviceException">The device was listed but does not work.</exception>
    public static IlgpuDevice Open(DeviceDescription description)
    {
        Context? context = null;
        IlgpuDevice? device = null;
        try
        {
            context = CreateContext(description.Kind);
            ILGPU.Runtime.Device found = Devices(context, description.Kind)[description.Index];
            device = new IlgpuDevice(description, context, found.CreateAccelerator(context));
            device.Probe();
            return device;
        }
        catch (Exception failure)
        {
            if (device is not null) device.Dispose();
            else context?.Dispose();
            if (failure is DeviceException) throw;
            throw new DeviceException($"{description.Choice}: {description.Name} could not be opened: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static Context CreateContext(DeviceKind kind)
    {
        NativeLibraries.MapNames();
        return Context.Create(builder =>
        {
            builder.EnableAlgorithms().Optimize(OptimizationLevel.O2);
            switch (kind)
            {
                case DeviceKind.Cuda:
                    builder.Cuda(_ => true);
                    break;
                case DeviceKind.OpenCl:
                    builder.OpenCL(device =>
                    {
                        OpenClQuirks.Admit(device);
                        return true;
                    });
                    break;
                default:
                    // The one simulated device whose groups may have 256 threads and whose warps are wide.
                    builder.CPU(CPUDeviceKind.AMD);
                    break;
            }
        });
    }

    private static List<ILGPU.Runtime.Device> Devices(Context context, DeviceKind kind)
    {
        AcceleratorType type = kind switch
        {
            DeviceKind.Cuda => AcceleratorType.Cuda,
            DeviceKind.OpenCl => AcceleratorType.OpenCL,
            _ => AcceleratorType.CPU,
        };
        return [.. context.Devices.Where(device => device.AcceleratorType == type)];
    }

    private static DeviceDescription Describe(DeviceKind kind, int index, ILGPU.Runtime.Device device)
    {
        var description = new DeviceDescription
        {
            Kind = kind,
            Index = index,
            Name = device.Name.Trim(),
            MemoryBytes = device.MemorySize,
        };
        return device switch
        {
            CudaDevice cuda => description with
            {
                ComputeCapability = cuda.Architecture is { } sm ? $"{sm.Major}.{sm.Minor}" : null,
                Unusable = cuda.Architecture is null ? "its architecture is not known to ILGPU"
                    : cuda.InstructionSet is null ? $"driver {cuda.DriverVersion} takes no PTX version that ILGPU writes; update the driver"
                    : null,
            },
            CLDevice openCl => description with
            {
                OpenClVersion = $"{openCl.DeviceVersion.Major}.{openCl.DeviceVersion.Minor}",
                IsProcessor = (openCl.DeviceType & CLDeviceType.CL_DEVICE_TYPE_CPU) != 0,
            },
            _ => description with { IsProcessor = true, MemoryBytes = Processor.MemoryBytes, Name = "ILGPU's simulator" },
        };
    }

    private static string? MissingLibrary(DeviceKind kind) => kind switch
    {
        DeviceKind.Cuda when !NativeLibraries.CanLoad(NativeLibraries.CudaNames)
            => $"no NVIDIA driver: {NativeLibraries.CudaNames[0]} is not installed",
        DeviceKind.OpenCl when !NativeLibraries.CanLoad(NativeLibraries.OpenClNames)
            => $"no OpenCL: {NativeLibraries.OpenClNames[0]} is not installed",
        _ => null,
    };

    private static string NoDevices(DeviceKind kind) => kind == DeviceKind.Cuda
        ? "the NVIDIA driver lists no GPU"
        : "the OpenCL library lists no device: no driver is registered with it";

    private static DeviceDescription None(DeviceKind kind, string reason) => new() { Kind = kind, Name = "none", Unusable = reason };
}

using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Runtime;

namespace Gim.Kernels.Ilgpu;

/// <summary>A device that ILGPU compiles for: CUDA, OpenCL, or ILGPU's simulator. One kernel set serves all.</summary>
internal sealed partial class IlgpuDevice : Devices.Device
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly KernelLoader kernels;

    /// <param name="context">Owned from here on, as is <paramref name="accelerator"/>.</param>
    public IlgpuDevice(DeviceDescription description, Context context, Accelerator accelerator) : base(description)
    {
        this.context = context;
        this.accelerator = accelerator;
        kernels = new KernelLoader(accelerator, description);
    }

    /// <summary>Runs one kernel, so that a driver that cannot compile or run is found when the device is opened.</summary>
    /// <exception cref="DeviceException">It did not work.</exception>
    public void Probe()
    {
        try
        {
            using DeviceBuffer<float> value = Upload([21f]);
            Scale(value, 2, value);
            if (value.ToArray()[0] != 42)
                throw new DeviceException($"{Description.Choice}: {Description.Name} computed 2 x 21 = {value.ToArray()[0]}; its driver does not work");
        }
        catch (Exception failure) when (failure is not DeviceException)
        {
            throw new DeviceException($"{Description.Choice}: {Description.Name} could not run a kernel: {failure.Message}", failure);
        }
    }

    /// <summary>An operand as 32-bit values of no matter which type.</summary>
    private static ArrayView<float> Bits<T>(DeviceView<T> view) where T : unmanaged
        => ((IlgpuStorage)view.Buffer!.Storage).Values.SubView((long)view.Start, view.Length);

    /// <summary>What a kernel sees of an operand.</summary>
    private static ArrayView<T> View<T>(DeviceView<T> view) where T : unmanaged
    {
        var storage = (IlgpuStorage)view.Buffer!.Storage;
        return storage.Values.Cast<T>().SubView((long)view.Start, view.Length);
    }

    private protected override DeviceStorage CreateStorage(long bytes)
    {
        try
        {
            return new IlgpuStorage(accelerator.Allocate1D<float>(bytes / sizeof(float)), bytes);
        }
        catch (AcceleratorException refused)
        {
            throw new InsufficientMemoryException($"the driver gave no block of {bytes:N0} bytes: {refused.Message}", refused);
        }
    }

    private protected override void ClearCore<T>(DeviceView<T> destination)
    {
        if (destination.Length == 0) return;
        // On OpenCL, ILGPU 1.5.3 fails to fill a part that does not begin where the buffer does.
        if (destination.Start == 0)
            View(destination).MemSetToZero(accelerator.DefaultStream);
        else
            kernels.Launch(ElementwiseKernels.Clear, KernelGroups.For(destination.Length), KernelGroups.ElementThreads, Bits(destination));
    }

    private protected override void UploadCore<T>(ReadOnlySpan<T> source, DeviceView<T> destination)
    {
        View(destination).CopyFromCPU(accelerator.DefaultStream, in source);
        SynchronizeCore(); // the caller's values may change as soon as this returns
    }

    private protected override void DownloadCore<T>(DeviceView<T> source, Span<T> destination)
    {
        View(source).CopyToCPU(accelerator.DefaultStream, in destination);
        SynchronizeCore();
    }

    private protected override void SynchronizeCore() => accelerator.DefaultStream.Synchronize();

    private protected override void Close()
    {
        accelerator.Dispose();
        context.Dispose();
    }
}

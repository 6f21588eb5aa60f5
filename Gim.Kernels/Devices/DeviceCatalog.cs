using System.Globalization;
using Gim.Kernels.Ilgpu;
using Gim.Kernels.Reference;
using Gim.Kernels.Simd;

namespace Gim.Kernels.Devices;

/// <summary>The devices of this machine, by the names users choose them with.</summary>
public static class DeviceCatalog
{
    /// <summary>The choice that takes a GPU where there is one.</summary>
    public const string Auto = "auto";

    /// <summary>The environment variable that says what <see cref="Auto"/> is.</summary>
    public const string ForceVariable = "GIM_FORCE_DEVICE";

    /// <summary>In the order in which they are listed, and in which <see cref="Auto"/> looks for a GPU.</summary>
    private static readonly DeviceKind[] Kinds = [DeviceKind.Cuda, DeviceKind.OpenCl, DeviceKind.Cpu, DeviceKind.IlgpuCpu, DeviceKind.Reference];

    /// <summary>
    /// All devices, usable or not; a kind of which there is none has one entry with the reason. Never throws.
    /// </summary>
    public static IReadOnlyList<DeviceDescription> List() => [.. Kinds.SelectMany(List)];

    /// <summary>The one of <paramref name="devices"/> that <see cref="Auto"/> takes: the first GPU, else the processor.</summary>
    /// <exception cref="DeviceException">GIM_FORCE_DEVICE names a device that is not there.</exception>
    public static DeviceDescription AutoChoice(IReadOnlyList<DeviceDescription> devices)
        => Forced() is { } forced
            ? ForForced(() => Find(forced, devices))
            : devices.FirstOrDefault(IsUsableGpu) ?? devices.First(device => device.Kind == DeviceKind.Cpu);

    /// <summary>Opens a device.</summary>
    /// <param name="choice">auto, cpu, cuda, opencl, ilgpu-cpu, reference; cuda:1 is the second of its kind.</param>
    /// <param name="threads">Threads of the cpu device; 0 is one per processor.</param>
    /// <exception cref="DeviceException">The device is not there, does not work, or the choice is none.</exception>
    public static Device Open(string choice, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (choice != Auto)
            return Open(FindWanted(choice), threads);
        if (Forced() is { } forced)
            return ForForced(() => Open(FindWanted(forced), threads));

        List<string> failures = [];
        foreach (DeviceDescription gpu in List().Where(IsUsableGpu))
        {
            try
            {
                return Open(WithRemark(gpu, failures), threads);
            }
            catch (DeviceException failure)
            {
                failures.Add(failure.Message);
            }
        }
        return new CpuDevice(threads, WithRemark(CpuDevice.Describe(), failures));
    }

    private static Device Open(DeviceDescription found, int threads) => found.Kind switch
    {
        DeviceKind.Reference => new ReferenceDevice(),
        DeviceKind.Cpu => new CpuDevice(threads, found),
        _ => IlgpuCatalog.Open(found),
    };

    private static IReadOnlyList<DeviceDescription> List(DeviceKind kind) => kind switch
    {
        DeviceKind.Reference => [ReferenceDevice.Describe()],
        DeviceKind.Cpu => [CpuDevice.Describe()],
        _ => IlgpuCatalog.List(kind),
    };

    /// <summary>Looks only at the devices of the wanted kind: drivers take time to ask.</summary>
    private static DeviceDescription FindWanted(string choice) => Find(choice, List(Parse(choice).Kind));

    private static DeviceDescription Find(string choice, IReadOnlyList<DeviceDescription> devices)
    {
        (DeviceKind kind, int? index) = Parse(choice);
        DeviceDescription[] ofKind = [.. devices.Where(device => device.Kind == kind)];
        // Without a number: a GPU before a processor that offers itself as one.
        DeviceDescription? found = index is { } number
            ? ofKind.FirstOrDefault(device => device.Index == number)
            : ofKind.FirstOrDefault(IsUsableGpu) ?? ofKind.FirstOrDefault(device => device.Usable) ?? ofKind.FirstOrDefault();
        if (found is { Usable: true }) return found;
        string why = found?.Unusable ?? $"devices of this kind that can be used here: {ofKind.Count(device => device.Usable)}, numbered from 0";
        throw new DeviceException($"device '{choice}' cannot be used: {why}; usable here: {string.Join(", ", List().Where(device => device.Usable).Select(device => device.Choice))}");
    }

    private static (DeviceKind Kind, int? Index) Parse(string choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        string[] parts = choice.Split(':', 2);
        foreach (DeviceKind kind in Kinds)
        {
            if (parts[0] != kind.ChoiceName()) continue;
            if (parts.Length == 1) return (kind, null);
            if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return (kind, index);
        }
        throw new DeviceException($"device '{choice}' is not known; choose {Auto}, {string.Join(", ", Kinds.Select(kind => kind.ChoiceName()))}, or one of several by its number from 0, as in cuda:1");
    }

    /// <summary>Names the variable in what is said of a device that the caller did not ask for.</summary>
    private static T ForForced<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (DeviceException problem)
        {
            throw new DeviceException($"the environment variable {ForceVariable}: {problem.Message}", problem);
        }
    }

    private static string? Forced()
        => Environment.GetEnvironmentVariable(ForceVariable) is { Length: > 0 } forced && forced != Auto ? forced : null;

    private static bool IsUsableGpu(DeviceDescription device) => device is { Usable: true, IsProcessor: false };

    private static DeviceDescription WithRemark(DeviceDescription device, List<string> failures)
        => failures.Count == 0 ? device : device with { Remark = $"passed over: {string.Join("; ", failures)}" };
}

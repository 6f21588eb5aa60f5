using Gim.Kernels.Devices;

namespace Gim.Jobs;

/// <summary>The device a job runs on.</summary>
internal static class DeviceChoice
{
    /// <summary>Opens the device of a job that computes on it.</summary>
    /// <exception cref="DeviceException">It is not there or does not work; the message says why and what there is.</exception>
    public static Device Open(string device, int threads) => DeviceCatalog.Open(device, threads);

    /// <summary>
    /// For a job that computes nothing on a device: one that is asked for must be there all the same, since its absence
    /// would show only in another run.
    /// </summary>
    /// <exception cref="DeviceException">The device is not there.</exception>
    public static void Require(string device)
    {
        if (device is not DeviceCatalog.Auto and not "cpu") DeviceCatalog.Open(device).Dispose();
    }

    /// <summary>Threads to use: 0 means all cores.</summary>
    public static int Threads(int configured) => configured == 0 ? Environment.ProcessorCount : configured;
}

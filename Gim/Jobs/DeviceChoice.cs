namespace Gim.Jobs;

/// <summary>The device a job runs on.</summary>
internal static class DeviceChoice
{
    /// <returns>The device's name for summary.json.</returns>
    /// <exception cref="InputException">The device is not one that this version can use.</exception>
    public static string Resolve(string device) => device switch
    {
        "auto" or "cpu" => "cpu",
        _ => throw new InputException($"device '{device}' cannot be used: this version computes on the CPU; use \"auto\" or \"cpu\""),
    };

    /// <summary>Threads to use: 0 means all cores.</summary>
    public static int Threads(int configured) => configured == 0 ? Environment.ProcessorCount : configured;
}

namespace Gim.Kernels.Devices;

/// <summary>A device as it is listed: what it is, and whether it can be used or why not.</summary>
public sealed record DeviceDescription
{
    public required DeviceKind Kind { get; init; }

    /// <summary>Which of its kind: 1 is chosen as <c>cuda:1</c>.</summary>
    public int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>Zero where unknown.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>CUDA's compute capability, "9.0".</summary>
    public string? ComputeCapability { get; init; }

    /// <summary>What the device says of its OpenCL, "3.0".</summary>
    public string? OpenClVersion { get; init; }

    /// <summary>The width of the vector instructions that are used, in bits.</summary>
    public int? VectorBits { get; init; }

    /// <summary>Whether it computes on a processor: an OpenCL "device" often is one, and <c>auto</c> never takes it.</summary>
    public bool IsProcessor { get; init; }

    /// <summary>Null where the device can be used, else the reason in a few words.</summary>
    public string? Unusable { get; init; }

    /// <summary>What the user should know besides: a device that was passed over and why.</summary>
    public string? Remark { get; init; }

    public bool Usable => Unusable is null;

    /// <summary>What to write to get this device.</summary>
    public string Choice => Index == 0 ? Kind.ChoiceName() : $"{Kind.ChoiceName()}:{Index}";

    /// <summary>The facts besides name and memory, for a table.</summary>
    public string Details
    {
        get
        {
            List<string> facts = [];
            if (VectorBits is { } bits) facts.Add($"simd {bits}");
            if (ComputeCapability is { } capability) facts.Add($"compute {capability}");
            if (OpenClVersion is { } version) facts.Add($"OpenCL {version}");
            if (Kind == DeviceKind.OpenCl && IsProcessor) facts.Add("no GPU");
            if (Kind == DeviceKind.IlgpuCpu) facts.Add("a debugger: very slow");
            if (Kind == DeviceKind.Reference) facts.Add("plain loops: slow");
            if (Remark is not null) facts.Add(Remark);
            return string.Join("; ", facts);
        }
    }

    /// <summary>The line a run begins with: "NVIDIA H100 (cuda; compute 9.0)".</summary>
    public override string ToString() => $"{Name} ({string.Join("; ", ((string[])[Choice, Details]).Where(part => part.Length > 0))})";
}

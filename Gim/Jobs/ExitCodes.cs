namespace Gim.Jobs;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A defect of ours.</summary>
    public const int Defect = 1;

    /// <summary>The user gave something that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by the user; what was done is saved.</summary>
    public const int Cancelled = 130;
}

namespace Gim.Tests;

/// <summary>
/// Real text and recordings too large for the repository: the folder <c>shared/data</c> beside it, or the one that the
/// environment variable GIM_SHARED_DATA names; and numbers of other implementations to compare with, in <c>golden</c>
/// beside that folder. Tests that need one of them are skipped, with the reason, where it is missing.
/// </summary>
public static class SharedData
{
    public static string? Folder { get; } = Find();

    /// <summary>A file or folder of the shared data; throws where the folder is missing.</summary>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Folder ?? throw new InvalidOperationException(SharedDataFactAttribute.Reason), .. parts]);

    /// <summary>The folder <c>golden</c>, null where it is missing.</summary>
    public static string? GoldenFolder { get; } = FindGolden();

    /// <summary>A file or folder of the golden numbers; throws where the folder is missing.</summary>
    public static string GoldenPath(params string[] parts) =>
        System.IO.Path.Combine([GoldenFolder ?? throw new InvalidOperationException(GoldenTheoryAttribute.Reason), .. parts]);

    private static string? FindGolden()
    {
        if (Folder is null)
            return null;
        string beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(Folder, "..", "golden"));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GIM_SHARED_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        if (Repository.Find() is not { } repository)
            return null;
        string beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(repository, "..", "shared", "data"));
        return Directory.Exists(beside) ? beside : null;
    }
}

/// <summary>A test that reads the shared data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    internal const string Reason =
        "needs the shared data: a folder shared/data beside the repository, or GIM_SHARED_DATA naming one";

    public SharedDataFactAttribute()
    {
        if (SharedData.Folder is null) Skip = Reason;
    }
}

/// <summary>A test with several cases that reads the shared data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (SharedData.Folder is null) Skip = SharedDataFactAttribute.Reason;
    }
}

/// <summary>A test with several cases that compares with the golden numbers.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenTheoryAttribute : TheoryAttribute
{
    internal const string Reason =
        "needs the golden numbers: a folder shared/golden beside the repository, or one named golden beside the folder that GIM_SHARED_DATA names";

    public GoldenTheoryAttribute()
    {
        if (SharedData.GoldenFolder is null) Skip = Reason;
    }
}

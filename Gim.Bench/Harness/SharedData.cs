namespace Gim.Bench.Harness;

/// <summary>
/// Real text too large for the repository: the folder <c>shared/data</c> beside it, or the one that the environment
/// variable GIM_SHARED_DATA names. Where it is missing, only the rows of the built-in sample are measured.
/// </summary>
internal static class SharedData
{
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GIM_SHARED_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        if (Repository.Root is not { } root)
            return null;
        string beside = Path.GetFullPath(Path.Combine(root, "..", "shared", "data"));
        return Directory.Exists(beside) ? beside : null;
    }
}

/// <summary>The folder that holds the solution, above the running program; null outside a checkout.</summary>
internal static class Repository
{
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("Gim.sln").Any())
                return folder.FullName;
        }
        return null;
    }
}

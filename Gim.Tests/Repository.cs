namespace Gim.Tests;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    /// <summary>Its folder, or null where the tests were copied out of it.</summary>
    public static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gim.sln")))
                return folder.FullName;
        }
        return null;
    }

    /// <summary>A file or folder of the repository.</summary>
    public static string PathOf(string name)
        => Path.Combine(Find() ?? throw new InvalidOperationException("Gim.sln is not above the test program: run the tests in the repository."), name);
}

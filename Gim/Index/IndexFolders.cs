using Gim.Text.Sources;

namespace Gim.Index;

/// <summary>
/// The folders that a path names: itself, or with wildcards (<c>*</c>, <c>?</c>, <c>**</c>) every folder that matches, in
/// string order. In infini-gram's v6 layout a folder holds one shard, so that a large index is several folders.
/// </summary>
public static class IndexFolders
{
    /// <exception cref="InputException">No folder matches.</exception>
    public static IReadOnlyList<string> Match(string path)
    {
        if (!PathPattern.HasWildcards(path))
            return [path];
        PathPattern pattern = PathPattern.Parse(path);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            if (Directory.Exists(pattern.Root))
                Collect(pattern.Root, pattern, pattern.Start(), found);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"index folders {path} cannot be listed: {problem.Message.TrimEnd('.')}", problem);
        }
        return found.Count > 0 ? [.. found] : throw new InputException($"no folder matches {path}; give the folder, or the folders, that the index is in");
    }

    private static void Collect(string folder, PathPattern pattern, bool[] places, SortedSet<string> found)
    {
        foreach (string below in Directory.EnumerateDirectories(folder))
        {
            if (pattern.Step(places, Path.GetFileName(below)) is not { } next)
                continue;
            if (PathPattern.MatchesFile(next))
                found.Add(below);
            Collect(below, pattern, next, found);
        }
    }
}

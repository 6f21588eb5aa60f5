namespace Gim.Text.Sources;

/// <summary>
/// Finds the files a source's path means: one file, a folder (all files below it with one of the source's extensions),
/// or a pattern (see <see cref="PathPattern"/>; it alone decides, whatever the extension). An existing file or folder
/// is taken literally even where its name holds wildcards. Hidden files (names with a leading dot) and linked folders
/// are passed over in folders and patterns, so that editor leftovers and circular links add nothing.
/// </summary>
internal static class SourceFiles
{
    /// <summary>The files in ordinal order of their relative path.</summary>
    /// <param name="path">File, folder or pattern.</param>
    /// <param name="extensions">Extensions taken from a folder, each with its dot; compared without case.</param>
    /// <exception cref="InputException">Nothing is there, nothing matches, or something may not be read.</exception>
    public static IReadOnlyList<SourceFile> Resolve(string path, IReadOnlyList<string> extensions)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InputException("the source's path is empty: give a file, a folder or a pattern such as 'books/*.txt'");
        if (File.Exists(path))
            return [SourceFile.Of(path, Path.GetFileName(path))];
        if (Directory.Exists(path))
            return InFolder(path, extensions);
        if (!PathPattern.HasWildcards(path))
            throw Missing(path, "file or folder");

        var pattern = PathPattern.Parse(path);
        if (!Directory.Exists(pattern.Root))
            throw Missing(pattern.Root, $"folder for the pattern '{path}',");
        var (matching, others) = Walk(pattern, _ => true);
        if (matching.Count > 0)
            return matching;
        string wanted = Path.GetFileName(path).Replace("*", "", StringComparison.Ordinal);
        throw new InputException($"no file matches the pattern '{path}': {Looked(pattern.Root, others, wanted)}; "
            + "names are compared case-sensitively");
    }

    private static List<SourceFile> InFolder(string path, IReadOnlyList<string> extensions)
    {
        var (matching, others) = Walk(PathPattern.Everything(path), name => HasExtension(name, extensions));
        return matching.Count > 0 ? matching : throw new InputException(
            $"folder '{path}' has no file that ends with {string.Join(", ", extensions)}: {Looked(path, others, "")}; "
            + "name other files with a pattern such as '*.log'");
    }

    private static bool HasExtension(string name, IReadOnlyList<string> extensions)
    {
        foreach (string extension in extensions)
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>The files that match, in order, and some names of files that do not, for the error message.</summary>
    private static (List<SourceFile> Matching, List<string> Others) Walk(PathPattern pattern, Func<string, bool> wanted)
    {
        var files = new List<(string Path, string Relative)>();
        var others = new List<string>();
        Enter(pattern.Root, "", pattern.Start());
        files.Sort(static (a, b) => string.CompareOrdinal(a.Relative, b.Relative));
        return (files.ConvertAll(static f => SourceFile.Of(f.Path, f.Relative)), others);

        void Enter(string folder, string relative, bool[] places)
        {
            foreach (var entry in Entries(folder))
            {
                var reached = pattern.Step(places, entry.Name);
                if ((entry.Attributes & FileAttributes.Directory) != 0)
                {
                    if (reached is not null && entry.LinkTarget is null)
                        Enter(entry.FullName, $"{relative}{entry.Name}/", reached);
                }
                else if (reached is not null && PathPattern.MatchesFile(reached) && wanted(entry.Name))
                {
                    files.Add((entry.FullName, relative + entry.Name));
                }
                else if (others.Count < 1000)
                {
                    others.Add(relative + entry.Name);
                }
            }
        }
    }

    private static FileSystemInfo[] Entries(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (Exception e) when (SourceFile.IsFileError(e))
        {
            throw SourceFile.Unreadable(folder, e);
        }
    }

    private static string Looked(string folder, List<string> others, string wanted)
    {
        string place = $"looked in '{Path.GetFullPath(folder)}'";
        if (others.Count == 0)
            return $"{place}, which holds no files where the path looks";
        others.Sort(string.CompareOrdinal);
        string example = NearestName.Of(wanted, others) ?? others[0];
        return $"{place}, which holds other files, for example '{example}'";
    }

    /// <summary>Says which part of a path is missing, and what is near it.</summary>
    private static InputException Missing(string path, string what)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        string missing = full;
        while (parent is not null && !Directory.Exists(parent))
            (missing, parent) = (parent, Path.GetDirectoryName(parent));
        if (parent is null)
            return new InputException($"there is no {what} '{path}' (looked for '{full}'): check the path");

        string name = Path.GetFileName(missing);
        var names = Entries(parent).Select(static e => e.Name).Order(StringComparer.Ordinal).ToList();
        if (missing != full && File.Exists(missing))
            return new InputException($"there is no {what} '{path}': '{missing}' is a file, not a folder");
        if (names.Contains(name))
            return new InputException($"'{path}' is a link to nothing, or may not be looked at: check where it leads");
        string where = missing == full ? $"looked for '{full}'" : $"folder '{parent}' has no '{name}'";
        string advice = NearestName.Of(name, names) is { } near
            ? $"did you mean '{near}'?"
            : "check the path (in a config it is relative to the config file, on the command line to the working directory)";
        return new InputException($"there is no {what} '{path}' ({where}): {advice}");
    }
}

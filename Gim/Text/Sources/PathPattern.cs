using System.IO.Enumeration;

namespace Gim.Text.Sources;

/// <summary>
/// A path with wildcards: <c>*</c> any characters within a name, <c>?</c> exactly one, <c>**</c> as a whole name any
/// number of folders, none included. Names are compared case-sensitively on every system, so that a config names the
/// same files everywhere. A name that begins with a dot is matched only by a part of the pattern that does so too.
/// </summary>
internal sealed class PathPattern
{
    private readonly string[] parts;

    private PathPattern(string root, string[] parts) => (Root, this.parts) = (root, parts);

    /// <summary>The folder before the first wildcard; the paths of documents are relative to it.</summary>
    public string Root { get; }

    public static bool HasWildcards(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    public static PathPattern Parse(string path)
    {
        int wildcard = path.AsSpan().IndexOfAny('*', '?');
        int rootEnd = path.AsSpan(0, wildcard)
            .LastIndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) + 1;
        string root = rootEnd == 0 ? "." : path[..rootEnd];
        return new PathPattern(root, path[rootEnd..].Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The pattern that finds every file below a folder.</summary>
    public static PathPattern Everything(string folder) => new(folder, ["**", "*"]);

    /// <summary>
    /// Places in the pattern reached before any name is matched. A set of places is a bool per part and one for the end.
    /// </summary>
    public bool[] Start()
    {
        var places = new bool[parts.Length + 1];
        Reach(places, 0);
        return places;
    }

    /// <summary>Places reached from <paramref name="places"/> by a file or folder name; null when there are none.</summary>
    public bool[]? Step(bool[] places, string name)
    {
        bool[]? next = null;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!places[i] || (name[0] == '.' && parts[i][0] != '.'))
                continue;
            if (parts[i] == "**")
                Reach(next ??= new bool[parts.Length + 1], i);
            else if (FileSystemName.MatchesSimpleExpression(parts[i], name, ignoreCase: false))
                Reach(next ??= new bool[parts.Length + 1], i + 1);
        }
        return next;
    }

    /// <summary>Whether a file whose name led to <paramref name="places"/> matches; a final <c>**</c> matches files.</summary>
    public static bool MatchesFile(bool[] places) => places[^1];

    private void Reach(bool[] places, int i)
    {
        places[i] = true;
        while (i < parts.Length && parts[i] == "**")
            places[++i] = true;
    }
}

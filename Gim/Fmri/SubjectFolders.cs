using Gim.Config;

namespace Gim.Fmri;

/// <summary>Folders that are named after people and hold their responses.</summary>
internal static class SubjectFolders
{
    /// <summary>Their names, in the order of their characters.</summary>
    /// <exception cref="InputException">The folder cannot be read or has none.</exception>
    public static string[] In(string folder)
    {
        string[] names;
        try
        {
            names = [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            string reason = problem is DirectoryNotFoundException ? "was not found" : $"cannot be read ({Quote.OneLine(problem.Message.TrimEnd('.'))})";
            throw new InputException($"{Quote.OneLine(folder)} {reason}; expected a folder for each subject, with its responses", problem);
        }
        if (names.Length == 0)
            throw new InputException($"{Quote.OneLine(folder)} has no folder in it; expected one for each subject, with its responses");
        return names;
    }

    /// <exception cref="InputException">The subject is not among those there are.</exception>
    public static void Check(string subject, IReadOnlyList<string> there, string folder)
    {
        if (there.Contains(subject))
            return;
        string advice = NearestName.Of(subject, there) is { } near ? $"is '{near}' meant?" : $"it has {string.Join(", ", there.Take(10))}";
        throw new InputException($"{Quote.OneLine(folder)} has no subject {Quote.Of(subject)}; {advice}");
    }
}

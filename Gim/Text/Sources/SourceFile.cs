using System.Globalization;
using System.Security;

namespace Gim.Text.Sources;

/// <summary>One file of a source, as it was when the source was made.</summary>
/// <param name="FullPath">Where it is on this machine.</param>
/// <param name="RelativePath">Its name inside the source, with '/', as documents and messages show it.</param>
/// <param name="Length">Its length in bytes, compressed where it is.</param>
/// <param name="Changed">Time of its last change (UTC).</param>
internal sealed record SourceFile(string FullPath, string RelativePath, long Length, DateTime Changed)
{
    /// <exception cref="InputException">The file cannot be looked at.</exception>
    public static SourceFile Of(string path, string relativePath)
    {
        try
        {
            var info = new FileInfo(path);
            // A link's own length is that of the path in it.
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                info = target;
            return new SourceFile(Path.GetFullPath(path), relativePath, info.Length, info.LastWriteTimeUtc);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>"path line n" with n counted from 1, as editors count.</summary>
    public string Place(long line) => string.Create(CultureInfo.InvariantCulture, $"{RelativePath} line {line + 1}");

    /// <summary>The file's part of a source's fingerprint.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"{FullPath}|{Length}|{Changed.Ticks}");

    /// <summary>What a missing, locked, forbidden or failing file raises.</summary>
    public static bool IsFileError(Exception e) => e is IOException or UnauthorizedAccessException or SecurityException;

    /// <summary>The error for a file or folder that is there and cannot be read.</summary>
    public static InputException Unreadable(string path, Exception e) => e switch
    {
        UnauthorizedAccessException or SecurityException =>
            new InputException($"'{path}' may not be read by this user: change its permissions or give another path", e),
        FileNotFoundException or DirectoryNotFoundException =>
            new InputException($"'{path}' is not there any more: it was found and then removed, or it is a link to nothing", e),
        _ => new InputException($"'{path}' cannot be read: {e.Message}", e),
    };
}

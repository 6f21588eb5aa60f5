using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>What the kinds share: reading vocabulary files, hashing what defines a tokenizer, and the wording of errors.</summary>
internal static class TokenizerFiles
{
    /// <summary>All bytes of a vocabulary file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What the file should be ("tiktoken ranks file").</param>
    /// <param name="key">The config key that names it.</param>
    /// <exception cref="InputException">The file is missing, unreadable or empty.</exception>
    public static byte[] Read(string path, string what, string key)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "not found"
                : Directory.Exists(path) ? "is a folder" : $"cannot be read ({e.Message})";
            throw new InputException($"{what} {path}: {reason}; set tokenizer.{key} to an existing file", e);
        }
        if (content.Length == 0)
            throw new InputException($"{what} {path}: the file is empty; fetch it again or set tokenizer.{key} to another");
        return content;
    }

    /// <summary>SHA-256, hex, lower case, over the parts with their lengths, so that no two lists of parts run together.</summary>
    public static string Hash(string kind, string pattern, int endOfText, params ReadOnlySpan<byte[]> vocabulary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(kind));
        Append(hash, Encoding.UTF8.GetBytes(pattern));
        Span<byte> id = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(id, endOfText);
        Append(hash, id);
        foreach (byte[] part in vocabulary) Append(hash, part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string OutOfRange(int id, string name, int vocabularySize) =>
        $"token id {id} is outside the vocabulary of {name} (V = {vocabularySize}); were the tokens made with another tokenizer?";

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

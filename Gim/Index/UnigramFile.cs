using System.Buffers.Text;

namespace Gim.Index;

/// <summary>
/// infini-gram's counts of single tokens, as text: lines "token count", or one count a line whose number is the token. The
/// suffix array gives the same counts, so the file serves as a check: counts that do not add up to the tokens belong to
/// another index.
/// </summary>
internal static class UnigramFile
{
    // Far beyond any vocabulary, so that no file is read that is something else.
    private const long MaxBytes = 1L << 30;

    /// <summary>Checks that the counts of a file add up to the tokens of its shard, separators included.</summary>
    /// <exception cref="InputException">They do not, or a line is no count.</exception>
    public static void Check(string path, long tokens)
    {
        long sum = 0;
        int number = 0;
        foreach (ReadOnlyMemory<byte> line in Lines(path))
        {
            number++;
            ReadOnlySpan<byte> text = line.Span;
            int space = text.IndexOf((byte)' ');
            if (!IsNumber(text[(space + 1)..], out ulong count) || (space >= 0 && !IsNumber(text[..space], out _)) || count > (ulong)(tokens - sum))
                throw new InputException($"index file {path}, line {number:N0}: a token's count was expected, and all of them to add up to {tokens:N0} tokens; check tokenType (--token-type); else {IndexFiles.Advice}");
            sum += (long)count;
        }
        if (sum != tokens)
            throw new InputException($"index file {path}: its counts add up to {sum:N0} where the index has {tokens:N0} tokens; check tokenType (--token-type); else {IndexFiles.Advice}");
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, out ulong value)
        => Utf8Parser.TryParse(text, out value, out int read) && read == text.Length;

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string path)
    {
        byte[] content;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new InputException($"index file {path} has {length:N0} bytes, more than counts of single tokens take; {IndexFiles.Advice}");
            content = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"index file {path} cannot be read: {problem.Message}", problem);
        }
        for (int start = 0; start < content.Length;)
        {
            int length = content.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                length = content.Length - start;
            int end = start + length;
            yield return content.AsMemory(start..(end > start && content[end - 1] == '\r' ? end - 1 : end));
            start = end + 1;
        }
    }
}

using System.Runtime.InteropServices;
using Gim.Files;

namespace Gim.Bench.Harness;

/// <summary>
/// Tokenised documents in one file, so that a rerun need not tokenise again: the counts, then for every document its
/// length (32 bits) and its tokens (16 bits each).
/// </summary>
internal static class TokenFile
{
    private const int HeaderBytes = 2 * sizeof(long);

    /// <summary>Writes documents until they end or hold <paramref name="maxTokens"/> tokens; the last one is then cut.</summary>
    public static void Write(string path, IEnumerable<int[]> documents, long maxTokens)
    {
        using OutputFile file = OutputFile.Create(path);
        using var buffered = new BufferedStream(file.Stream, 1 << 20);
        long count = 0, tokens = 0;
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffered.Write(header);
        foreach (int[] document in documents)
        {
            int length = (int)Math.Min(document.Length, maxTokens - tokens);
            buffered.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            ushort[] narrow = Array.ConvertAll(document[..length], token => checked((ushort)token));
            buffered.Write(MemoryMarshal.AsBytes<ushort>(narrow));
            count++;
            tokens += length;
            if (tokens == maxTokens)
                break;
        }
        buffered.Position = 0;
        buffered.Write(MemoryMarshal.AsBytes<long>([count, tokens]));
        buffered.Flush();
        file.Commit();
    }

    /// <summary>Number of tokens, without any separators.</summary>
    public static long CountTokens(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header);
        return MemoryMarshal.Cast<byte, long>(header)[1];
    }

    /// <summary>The documents, each in an array of its own.</summary>
    public static IEnumerable<int[]> Read(string path) => Stream(path).Select(document => document.ToArray());

    /// <summary>The documents one after another; each is gone when the next is asked for, so that reading takes no memory.</summary>
    public static IEnumerable<ReadOnlyMemory<int>> Stream(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var reader = new BinaryReader(file);
        long count = reader.ReadInt64();
        reader.ReadInt64();
        int[] document = [];
        for (long i = 0; i < count; i++)
        {
            int length = reader.ReadInt32();
            if (document.Length < length)
                document = new int[length];
            for (int t = 0; t < length; t++)
                document[t] = reader.ReadUInt16();
            yield return document.AsMemory(0, length);
        }
    }
}

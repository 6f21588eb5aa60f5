using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gim.Train.Data;

/// <summary>
/// Tokens in memory, 2 bytes each for vocabularies of up to 65,536 and 4 otherwise. They grow by blocks, so that no
/// second copy is needed on the way.
/// </summary>
internal sealed class TokenBlocks(int vocabularySize)
{
    private const int BlockTokens = 1 << 20;

    private readonly List<byte[]> blocks = [];

    /// <summary>Bytes of a token.</summary>
    public int Width { get; } = vocabularySize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    public long Count { get; private set; }

    /// <exception cref="ArgumentOutOfRangeException">A token is outside [0, V); nothing was appended.</exception>
    public void Append(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"is no token of a vocabulary of {vocabularySize:N0}");
        }
        while (tokens.Length > 0)
        {
            int at = (int)(Count % BlockTokens);
            if (at == 0)
                blocks.Add(GC.AllocateUninitializedArray<byte>(BlockTokens * Width));
            int part = Math.Min(tokens.Length, BlockTokens - at);
            Span<byte> bytes = blocks[^1].AsSpan(at * Width, part * Width);
            if (Width == sizeof(int))
                tokens[..part].CopyTo(MemoryMarshal.Cast<byte, int>(bytes));
            else
                Narrow(tokens[..part], MemoryMarshal.Cast<byte, ushort>(bytes));
            tokens = tokens[part..];
            Count += part;
        }
    }

    /// <summary>Copies the tokens from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public void Read(long start, Span<int> destination)
    {
        if (start < 0 || start > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{destination.Length:N0} tokens from there are not all among the {Count:N0}");
        while (destination.Length > 0)
        {
            int at = (int)(start % BlockTokens);
            int part = Math.Min(destination.Length, BlockTokens - at);
            ReadOnlySpan<byte> bytes = blocks[(int)(start / BlockTokens)].AsSpan(at * Width, part * Width);
            if (Width == sizeof(int))
                MemoryMarshal.Cast<byte, int>(bytes).CopyTo(destination);
            else
                Widen(MemoryMarshal.Cast<byte, ushort>(bytes), destination[..part]);
            destination = destination[part..];
            start += part;
        }
    }

    /// <summary>Moves <paramref name="count"/> tokens from <paramref name="from"/> down to <paramref name="to"/>; they may overlap.</summary>
    public void MoveDown(long from, long to, long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, from);
        ArgumentOutOfRangeException.ThrowIfNegative(to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - from);
        while (count > 0 && from != to)
        {
            int source = (int)(from % BlockTokens), target = (int)(to % BlockTokens);
            int part = (int)Math.Min(count, BlockTokens - Math.Max(source, target));
            blocks[(int)(from / BlockTokens)].AsSpan(source * Width, part * Width)
                .CopyTo(blocks[(int)(to / BlockTokens)].AsSpan(target * Width));
            from += part;
            to += part;
            count -= part;
        }
    }

    /// <summary>Keeps the first <paramref name="count"/> tokens, and no more memory than they need. Nothing can be appended behind it.</summary>
    public void Finish(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        int whole = (int)(count / BlockTokens), rest = (int)(count % BlockTokens);
        byte[][] last = rest == 0 ? [] : [blocks[whole][..(rest * Width)]];
        blocks.RemoveRange(whole, blocks.Count - whole);
        blocks.AddRange(last);
        Count = count;
    }

    /// <summary>Adds all tokens to a hash.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        long left = Count;
        foreach (byte[] block in blocks)
        {
            int part = (int)Math.Min(left, BlockTokens);
            hash.AppendData(block, 0, part * Width);
            left -= part;
        }
    }

    private static void Narrow(ReadOnlySpan<int> tokens, Span<ushort> narrow)
    {
        for (int i = 0; i < tokens.Length; i++)
            narrow[i] = (ushort)tokens[i];
    }

    private static void Widen(ReadOnlySpan<ushort> narrow, Span<int> tokens)
    {
        for (int i = 0; i < narrow.Length; i++)
            tokens[i] = narrow[i];
    }
}

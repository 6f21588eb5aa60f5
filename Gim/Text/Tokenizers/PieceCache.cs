using System.Runtime.InteropServices;

namespace Gim.Text.Tokenizers;

/// <summary>
/// The ids of pieces seen before, for one thread. Bounded: when full it starts anew, and the frequent pieces are back
/// within a page of text. What it holds never changes what a piece encodes to.
/// </summary>
internal sealed class PieceCache
{
    /// <summary>Longer pieces are rare and seldom come back.</summary>
    public const int LongestPiece = 48;

    private const int SlotCount = 1 << 16;
    private const int MostPieces = SlotCount / 2;
    private const int MostIdsPerPiece = byte.MaxValue;

    /// <summary>A piece's chars lie at Key in the key store; a single id stands in Value, several lie at Value in the id store. Count 0: free.</summary>
    private struct Slot
    {
        public uint Hash;
        public int Key;
        public int Value;
        public byte KeyLength;
        public byte Count;
    }

    private readonly Slot[] slots = new Slot[SlotCount];
    private char[] keys = new char[1 << 16];
    private int[] values = new int[1 << 14];
    private int pieces;
    private int keysUsed;
    private int valuesUsed;

    /// <summary>The ids of <paramref name="piece"/>, or nothing when it was not added. <paramref name="hash"/> is for <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Find(ReadOnlySpan<char> piece, out uint hash)
    {
        hash = HashOf(piece);
        for (uint at = hash & (SlotCount - 1); ; at = (at + 1) & (SlotCount - 1))
        {
            ref Slot slot = ref slots[at];
            if (slot.Count == 0) return default;
            if (slot.Hash == hash && slot.KeyLength == piece.Length && piece.SequenceEqual(keys.AsSpan(slot.Key, slot.KeyLength)))
                return slot.Count == 1 ? new ReadOnlySpan<int>(ref slot.Value) : values.AsSpan(slot.Value, slot.Count);
        }
    }

    /// <summary>Keeps the ids of a piece that <see cref="Find"/> did not know.</summary>
    public void Add(ReadOnlySpan<char> piece, uint hash, ReadOnlySpan<int> ids)
    {
        if (piece.Length > LongestPiece || ids.Length is 0 or > MostIdsPerPiece) return;
        if (pieces == MostPieces)
        {
            Array.Clear(slots);
            pieces = keysUsed = valuesUsed = 0;
        }

        uint at = hash & (SlotCount - 1);
        while (slots[at].Count != 0) at = (at + 1) & (SlotCount - 1);

        int value = ids[0];
        if (ids.Length > 1)
        {
            if (valuesUsed + ids.Length > values.Length) Array.Resize(ref values, 2 * values.Length);
            ids.CopyTo(values.AsSpan(valuesUsed));
            value = valuesUsed;
            valuesUsed += ids.Length;
        }
        if (keysUsed + piece.Length > keys.Length) Array.Resize(ref keys, 2 * keys.Length);
        piece.CopyTo(keys.AsSpan(keysUsed));
        slots[at] = new Slot
        {
            Hash = hash,
            Key = keysUsed,
            Value = value,
            KeyLength = (byte)piece.Length,
            Count = (byte)ids.Length,
        };
        keysUsed += piece.Length;
        pieces++;
    }

    private static uint HashOf(ReadOnlySpan<char> piece)
    {
        const ulong Odd = 0x9E3779B97F4A7C15UL;
        ulong hash = (ulong)piece.Length * Odd;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(piece);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * Odd;
            hash ^= hash >> 32;
        }
        ulong rest = 0;
        if (bytes.Length >= sizeof(uint))
        {
            rest = MemoryMarshal.Read<uint>(bytes);
            bytes = bytes[sizeof(uint)..];
        }
        if (bytes.Length > 0) rest = rest << 16 | MemoryMarshal.Read<ushort>(bytes);
        hash = (hash ^ rest) * Odd;
        return (uint)(hash >> 32);
    }
}

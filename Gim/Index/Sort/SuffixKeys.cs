using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>Symbols of a text as 64-bit numbers that compare as the symbols do.</summary>
internal static unsafe class SuffixKeys<TSymbol>
    where TSymbol : unmanaged
{
    /// <summary>Symbols in a key: 8 bytes, 4 of 16 bits, 2 of 32, or one.</summary>
    public static int Symbols => sizeof(ulong) / sizeof(TSymbol);

    /// <summary>The symbols from a position on, the first in the highest bits; zeros after the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(TSymbol* text, long length, long position)
    {
        if (position + Symbols > length)
            return ReadLast(text, length, position);
        TSymbol* at = text + position;
        if (typeof(TSymbol) == typeof(byte))
        {
            ulong bytes = Unsafe.ReadUnaligned<ulong>(at);
            return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes;
        }
        if (typeof(TSymbol) == typeof(ushort))
            return (ulong)Get(at, 0) << 48 | (ulong)Get(at, 1) << 32 | (ulong)Get(at, 2) << 16 | (ulong)Get(at, 3);
        return typeof(TSymbol) == typeof(int) ? (ulong)Get(at, 0) << 32 | (ulong)Get(at, 1) : (ulong)Get(at, 0);
    }

    private static ulong ReadLast(TSymbol* text, long length, long position)
    {
        ulong key = 0;
        for (int i = 0; i < Symbols; i++)
        {
            // A shift by 64 is none, and the key of a single symbol needs none.
            key <<= sizeof(TSymbol) * 8;
            key |= position + i < length ? (ulong)Get(text, position + i) : 0;
        }
        return key;
    }
}

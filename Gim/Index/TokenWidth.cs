using System.Buffers.Binary;

namespace Gim.Index;

/// <summary>
/// How many bytes a token takes in an index ("u8", "u16", "u32"), and what follows from it. The separator that stands
/// before every document is the token with all bits set, so a vocabulary must leave that value free.
/// </summary>
public enum TokenWidth
{
    U8 = 1,
    U16 = 2,
    U32 = 4,
}

/// <summary>The arithmetic of <see cref="TokenWidth"/>.</summary>
public static class TokenWidths
{
    /// <summary>The narrowest width whose separator no token of the vocabulary needs.</summary>
    public static TokenWidth For(int vocabularySize, bool bytes)
        => bytes ? TokenWidth.U8 : vocabularySize <= ushort.MaxValue ? TokenWidth.U16 : TokenWidth.U32;

    public static string Name(this TokenWidth width) => width switch
    {
        TokenWidth.U8 => "u8",
        TokenWidth.U16 => "u16",
        _ => "u32",
    };

    public static TokenWidth Parse(string name, string place) => name switch
    {
        "u8" => TokenWidth.U8,
        "u16" => TokenWidth.U16,
        "u32" => TokenWidth.U32,
        _ => throw new InputException($"{place}: '{name}' is not a token type; it is one of u8, u16, u32"),
    };

    /// <summary>The separator's value: 255, 65535 or 4294967295 (as an int: -1).</summary>
    public static int Separator(this TokenWidth width) => width switch
    {
        TokenWidth.U8 => byte.MaxValue,
        TokenWidth.U16 => ushort.MaxValue,
        _ => -1,
    };

    /// <summary>
    /// A token as the number by which suffixes are ordered: its little-endian bytes compared as bytes, that is the
    /// token with its bytes swapped.
    /// </summary>
    /// <returns>False where the token has no place in this width, so that it occurs nowhere.</returns>
    public static bool TryOrder(this TokenWidth width, int token, out uint order)
    {
        switch (width)
        {
            case TokenWidth.U8:
                order = (uint)token;
                return (uint)token <= byte.MaxValue;
            case TokenWidth.U16:
                order = BinaryPrimitives.ReverseEndianness((ushort)token);
                return (uint)token <= ushort.MaxValue;
            default:
                order = BinaryPrimitives.ReverseEndianness((uint)token);
                return true;
        }
    }

    /// <summary>The token whose order is <paramref name="order"/>.</summary>
    public static int FromOrder(this TokenWidth width, uint order) => width switch
    {
        TokenWidth.U8 => (int)order,
        TokenWidth.U16 => BinaryPrimitives.ReverseEndianness((ushort)order),
        _ => (int)BinaryPrimitives.ReverseEndianness(order),
    };
}

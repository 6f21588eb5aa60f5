using System.Buffers.Binary;

namespace Gim.Similarity.Weights;

/// <summary>How the numbers of a tensor lie in a file of weights, under the names of safetensors; little-endian, one after the other.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 single.</summary>
    F32,

    /// <summary>IEEE 754 half: 5 bits of exponent, 10 of fraction.</summary>
    F16,

    /// <summary>The upper half of a single: 8 bits of exponent, 7 of fraction.</summary>
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>Widths and integers of the element types.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Width(this ElementType type) => type switch
    {
        ElementType.I64 => 8,
        ElementType.F32 or ElementType.I32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 => 2,
        _ => 1,
    };

    public static bool IsFloat(this ElementType type) => type is ElementType.F32 or ElementType.F16 or ElementType.BF16;

    /// <summary>One integer from the front of its bytes.</summary>
    public static long Integer(this ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.I8 => (sbyte)bytes[0],
        _ => bytes[0],
    };
}

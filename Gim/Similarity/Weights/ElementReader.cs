using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Gim.Similarity.Weights;

/// <summary>Reads the elements of a tensor from where a stream stands.</summary>
internal static class ElementReader
{
    /// <summary>Elements read in one go: a span of bytes cannot be as long as an array of floats.</summary>
    private const int Block = 1 << 20;

    /// <summary>Bytes of narrow values on their way to float32.</summary>
    private const int ScratchBytes = 1 << 16;

    /// <summary>Fills values with floats of any of the three types, widened; every one of them is a float32, NaN and infinities too.</summary>
    /// <exception cref="EndOfStreamException">The stream is shorter.</exception>
    public static void Read(Stream stream, ElementType type, Span<float> values)
    {
        if (type == ElementType.F32)
        {
            for (int done = 0; done < values.Length; done += Block)
                ReadSingles(stream, values.Slice(done, Math.Min(Block, values.Length - done)));
            return;
        }
        var scratch = new byte[Math.Min((long)values.Length * sizeof(ushort), ScratchBytes)];
        for (int done = 0; done < values.Length; done += scratch.Length / sizeof(ushort))
        {
            int count = Math.Min(scratch.Length / sizeof(ushort), values.Length - done);
            Span<byte> bytes = scratch.AsSpan(0, count * sizeof(ushort));
            stream.ReadExactly(bytes);
            Widen(bytes, type, values.Slice(done, count));
        }
    }

    private static void ReadSingles(Stream stream, Span<float> values)
    {
        stream.ReadExactly(MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<float, int>(values));
    }

    /// <summary>Widens halves or brain floats, whose bytes may be turned around on the way.</summary>
    public static void Widen(Span<byte> bytes, ElementType type, Span<float> values)
    {
        Span<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(bytes);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(narrow, narrow);
        if (type == ElementType.F16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(narrow), values);
            return;
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)narrow[i] << 16);
    }
}

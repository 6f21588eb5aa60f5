using System.Buffers.Binary;
using System.Text;

namespace Gim.Tests.Similarity.Weights;

/// <summary>Safetensors files byte by byte, right or wrong as a test wants them.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A header as it is given, with its true length, before the data.</summary>
    public static byte[] Of(string header, ReadOnlySpan<byte> data) => Of(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Of(byte[] header, ReadOnlySpan<byte> data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>One tensor that fills the data.</summary>
    public static byte[] One(string type, string shape, byte[] data) =>
        Of($$"""{"a":{"dtype":"{{type}}","shape":{{shape}},"data_offsets":[0,{{data.Length}}] } }""", data);
}

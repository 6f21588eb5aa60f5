using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Gim.Config;
using Gim.Files;

namespace Gim.Similarity.Weights;

public static partial class SafetensorsFile
{
    private const int ScratchValues = 1 << 15;

    /// <summary>
    /// Writes a file, whole or not at all. One content gives one sequence of bytes: tensors in their order, metadata by
    /// name, the header padded with spaces to 8 bytes. Values are written as float32 or, where asked for, rounded to the nearest
    /// half (ties to even; NaN and infinities as they are); integers as they are.
    /// </summary>
    /// <param name="path">The file, replaced where it exists.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="asHalf">Which float tensors become F16; null: none.</param>
    /// <exception cref="InputException">The place cannot be written to, or a value lies beyond the halves (65504).</exception>
    /// <exception cref="ArgumentException">A tensor is named as the metadata is.</exception>
    public static void Write(string path, WeightFile weights, Func<WeightTensor, bool>? asHalf = null)
    {
        ElementType[] types = [.. weights.Tensors.Select(
            tensor => tensor.Type.IsFloat() && asHalf?.Invoke(tensor) == true ? ElementType.F16 : tensor.Type)];
        for (int i = 0; i < types.Length; i++)
        {
            if (weights.Tensors[i].Name == SafetensorsHeader.MetadataKey)
                throw new ArgumentException($"no tensor can be named '{SafetensorsHeader.MetadataKey}' in a safetensors file", nameof(weights));
            if (types[i] == ElementType.F16)
                CheckHalves(path, weights.Tensors[i]);
        }
        using OutputFile file = OutputFile.Create(path);
        try
        {
            file.Stream.Write(Header(weights, types));
            for (int i = 0; i < types.Length; i++)
                Write(file.Stream, weights.Tensors[i], types[i]);
        }
        catch (IOException problem)
        {
            throw new InputException(
                $"cannot write {Quote.OneLine(path)}: {Quote.OneLine(problem.Message.TrimEnd('.'))}; make room or choose another place", problem);
        }
        file.Commit();
    }

    private static byte[] Header(WeightFile weights, ElementType[] types)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (weights.Metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (name, text) in weights.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(name, text);
                json.WriteEndObject();
            }
            long begin = 0;
            for (int i = 0; i < types.Length; i++)
            {
                WeightTensor tensor = weights.Tensors[i];
                long end = begin + ((long)tensor.Length * types[i].Width());
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", types[i].ToString().ToUpperInvariant());
                WriteNumbers(json, "shape", [.. tensor.Shape.Select(length => (long)length)]);
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }
            json.WriteEndObject();
        }
        int padded = (buffer.WrittenCount + sizeof(ulong) - 1) / sizeof(ulong) * sizeof(ulong);
        var header = new byte[sizeof(ulong) + padded];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        buffer.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Write(Stream stream, WeightTensor tensor, ElementType type)
    {
        if (tensor.IntegerBytes is { } integers)
        {
            stream.Write(integers);
            return;
        }
        int width = type.Width();
        var scratch = new byte[Math.Min(tensor.Length, ScratchValues) * width];
        for (int done = 0; done < tensor.Length; done += ScratchValues)
        {
            ReadOnlySpan<float> values = tensor.Values.AsSpan(done, Math.Min(ScratchValues, tensor.Length - done));
            for (int i = 0; i < values.Length; i++)
            {
                if (width == sizeof(float))
                    BinaryPrimitives.WriteSingleLittleEndian(scratch.AsSpan(i * width), values[i]);
                else
                    BinaryPrimitives.WriteHalfLittleEndian(scratch.AsSpan(i * width), (Half)values[i]);
            }
            stream.Write(scratch.AsSpan(0, values.Length * width));
        }
    }

    private static void CheckHalves(string path, WeightTensor tensor)
    {
        foreach (float value in tensor.Values)
        {
            if (float.IsFinite(value) && Half.IsInfinity((Half)value))
            {
                throw new InputException(
                    $"cannot write {Quote.OneLine(path)}: tensor {Quote.Of(tensor.Name)} has the value {value:R}, " +
                    "beyond the largest half, 65504; write it as F32");
            }
        }
    }
}

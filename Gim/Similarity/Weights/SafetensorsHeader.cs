using System.Text.Json;
using Gim.Config;

namespace Gim.Similarity.Weights;

/// <summary>
/// The header of a safetensors file: <c>{"__metadata__": {name: text}, name: {"dtype", "shape", "data_offsets": [begin, end]}}</c>.
/// Offsets count from the end of the header; the tensors lie side by side and fill the rest of the file.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>What a message ends with where the file is not as its format says.</summary>
    private const string Advice = "expected a *.safetensors file, fetched whole";

    private readonly string path;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    private SafetensorsHeader(string path) => this.path = path;

    /// <summary>One tensor: where its bytes lie, from the end of the header.</summary>
    public sealed record Entry(string Name, ElementType Type, int[] Shape, long Begin, long End)
    {
        /// <summary>Product of the shape.</summary>
        public long Length => (End - Begin) / Type.Width();
    }

    /// <summary>Tensors in the header's order.</summary>
    public List<Entry> Tensors { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <param name="json">The header's bytes.</param>
    /// <param name="dataBytes">Bytes of the file behind the header.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InputException">The header is not JSON of that form, or a tensor does not lie where it can.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string path)
    {
        var header = new SafetensorsHeader(path);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
            header.Read(ref reader, dataBytes);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Text that is not UTF-8 is an InvalidOperationException of the reader.
            throw header.Damaged(problem is JsonException ? "the header is not JSON" : "the header has text that is not UTF-8", problem);
        }
        header.CheckLayout(dataBytes);
        return header;
    }

    private void Read(ref Utf8JsonReader reader, long dataBytes)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Damaged("the header is not a JSON object");
        bool metadata = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == MetadataKey)
            {
                if (metadata)
                    throw Damaged($"{MetadataKey} stands in it twice");
                metadata = true;
                ReadMetadata(ref reader);
                continue;
            }
            if (!names.Add(name))
                throw Damaged($"tensor {Quote.Of(name)} stands in it twice");
            Tensors.Add(ReadTensor(ref reader, name, dataBytes));
        }
        // Anything but spaces behind the object is an error of the reader's own.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Damaged($"{MetadataKey} is not an object of texts");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Damaged($"{MetadataKey} has a value that is not text, {Quote.Of(name)}");
            if (!Metadata.TryAdd(name, reader.GetString()!))
                throw Damaged($"{MetadataKey} has {Quote.Of(name)} twice");
        }
    }

    private Entry ReadTensor(ref Utf8JsonReader reader, string name, long dataBytes)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Damaged($"tensor {Quote.Of(name)} is not an object");
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            bool again = key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (again)
                throw Damaged($"tensor {Quote.Of(name)} has {Quote.Of(key)} twice");
            switch (key)
            {
                case "dtype" when reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                default:
                    throw Damaged($"tensor {Quote.Of(name)} has {Quote.Of(key)}, or has it not as text");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Damaged($"tensor {Quote.Of(name)} lacks {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        if (offsets.Count != 2)
            throw Damaged($"tensor {Quote.Of(name)} has {offsets.Count} data_offsets, not 2");
        return Check(name, TypeOf(type, name), shape, offsets[0], offsets[1], dataBytes);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Damaged($"tensor {Quote.Of(name)}: {key} is not a list");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Damaged($"tensor {Quote.Of(name)}: {key} has something other than whole numbers from 0 to {long.MaxValue}");
            numbers.Add(number);
        }
        return numbers;
    }

    private ElementType TypeOf(string type, string name) => type switch
    {
        "F32" => ElementType.F32,
        "F16" => ElementType.F16,
        "BF16" => ElementType.BF16,
        "I64" => ElementType.I64,
        "I32" => ElementType.I32,
        "I16" => ElementType.I16,
        "I8" => ElementType.I8,
        "U8" => ElementType.U8,
        "BOOL" => ElementType.Bool,
        "F64" => throw new InputException(
            $"{path}: tensor {Quote.Of(name)} is of doubles (F64), which float32 cannot hold exactly; write the file again with F32"),
        _ => throw new InputException(
            $"{path}: tensor {Quote.Of(name)} is of type {Quote.Of(type)}, which is not read here; write the file again with F32, F16 or BF16"),
    };

    private Entry Check(string name, ElementType type, List<long> shape, long begin, long end, long dataBytes)
    {
        if (begin > end)
            throw Damaged($"tensor {Quote.Of(name)} ends at byte {end}, before it begins at {begin}");
        if (end > dataBytes)
            throw Damaged($"tensor {Quote.Of(name)} ends at byte {end} of {dataBytes}");
        if (shape.Any(length => length > int.MaxValue))
            throw Damaged($"tensor {Quote.Of(name)} has a dimension of {shape.Max()}");
        int[] lengths = [.. shape.Select(length => (int)length)];
        long bytes = end - begin;
        if (!WeightTensor.TryCount(lengths, out long elements) || bytes % type.Width() != 0 || elements != bytes / type.Width())
        {
            string shown = string.Join(", ", lengths.Take(8)) + (lengths.Length > 8 ? ", ..." : "");
            throw Damaged($"tensor {Quote.Of(name)} takes {bytes} bytes, which is not what {type} [{shown}] takes");
        }
        return new Entry(name, type, lengths, begin, end);
    }

    /// <summary>No two tensors share bytes, and no bytes belong to none.</summary>
    private void CheckLayout(long dataBytes)
    {
        long end = 0;
        string before = "";
        foreach (Entry tensor in Tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin < end)
                throw Damaged($"tensors {Quote.Of(before)} and {Quote.Of(tensor.Name)} overlap");
            if (tensor.Begin > end)
                throw Damaged($"the bytes {end} to {tensor.Begin} belong to no tensor");
            (end, before) = (tensor.End, tensor.Name);
        }
        if (end != dataBytes)
            throw Damaged($"the bytes {end} to {dataBytes} belong to no tensor");
    }

    private InputException Damaged(string what, Exception? cause = null) => new($"{path}: {what}; {Advice}", cause);
}

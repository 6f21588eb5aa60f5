using System.Buffers.Binary;
using Gim.Config;
using Gim.Files;

namespace Gim.Similarity.Weights;

/// <summary>
/// Safetensors files: 8 bytes with the length of the header, the header (<see cref="SafetensorsHeader"/>), and the
/// tensors' bytes. All numbers are little-endian.
/// </summary>
public static partial class SafetensorsFile
{
    /// <summary>The format's own limit.</summary>
    private const long LongestHeader = 100_000_000;

    /// <summary>
    /// Reads all tensors of a file, floats widened to float32. Its header is not believed: memory is taken only for what
    /// the file's length can hold.
    /// </summary>
    /// <exception cref="InputException">The file is missing, damaged, or holds types that float32 and integers cannot.</exception>
    public static WeightFile Read(string path) => InputFile.Guard(path, () =>
    {
        using FileStream file = WeightStream.Open(path);
        return Read(file, Quote.OneLine(path));
    });

    private static WeightFile Read(FileStream file, string path)
    {
        SafetensorsHeader header = ReadHeader(file, path);
        long data = file.Position;
        foreach (SafetensorsHeader.Entry entry in header.Tensors)
        {
            if (entry.Length > (entry.Type.IsFloat() ? Array.MaxLength : Array.MaxLength / entry.Type.Width()))
                throw new InputException($"{path}: tensor {Quote.Of(entry.Name)} has {entry.Length} elements, more than can be read; cut it in two");
        }
        var tensors = new WeightTensor[header.Tensors.Count];
        foreach (int i in Enumerable.Range(0, tensors.Length).OrderBy(i => header.Tensors[i].Begin))
        {
            SafetensorsHeader.Entry entry = header.Tensors[i];
            file.Position = data + entry.Begin;
            if (entry.Type.IsFloat())
            {
                var values = new float[entry.Length];
                ElementReader.Read(file, entry.Type, values);
                tensors[i] = new WeightTensor(entry.Name, entry.Shape, values);
            }
            else
            {
                var bytes = new byte[entry.End - entry.Begin];
                file.ReadExactly(bytes);
                tensors[i] = new WeightTensor(entry.Name, entry.Shape, bytes, entry.Type);
            }
        }
        return new WeightFile(tensors, header.Metadata, path);
    }

    /// <summary>Reads the header of a file from its front; the file then stands at the tensors' bytes.</summary>
    internal static SafetensorsHeader ReadHeader(FileStream file, string path)
    {
        const string Advice = "expected a *.safetensors file, fetched whole";
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        if (file.Length < start.Length)
            throw new InputException($"{path} has {file.Length} bytes, too few for a header; {Advice}");
        file.ReadExactly(start);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (start.StartsWith("PK\u0003\u0004"u8))
            throw new InputException($"{path} is a zip archive, as PyTorch's *.pt files are; {Advice}");
        if (length > LongestHeader)
            throw new InputException($"{path}: a header of {length} bytes, of at most {LongestHeader}; {Advice}");
        if ((long)length > file.Length - start.Length)
            throw new InputException($"{path}: a header of {length} bytes in a file of {file.Length}; {Advice}");
        var json = new byte[length];
        file.ReadExactly(json);
        return SafetensorsHeader.Parse(json, file.Length - file.Position, path);
    }
}

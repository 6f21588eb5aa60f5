using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gim.Config;
using Gim.Files;

namespace Gim.Similarity.Weights;

/// <summary>
/// A safetensors file whose tensors stay on the disk: runs of their elements are read where they are asked for, so that it
/// may be larger than memory. Used by one thread at a time.
/// </summary>
internal sealed class SafetensorsParts : IDisposable
{
    private readonly FileStream file;
    private readonly SafetensorsHeader header;
    private readonly long data;
    private byte[] narrow = [];

    private SafetensorsParts(FileStream file, string path)
    {
        this.file = file;
        Source = path;
        header = SafetensorsFile.ReadHeader(file, path);
        data = file.Position;
    }

    /// <summary>What messages call this: its path.</summary>
    public string Source { get; }

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public static SafetensorsParts Open(string path) => InputFile.Guard(path, () =>
    {
        FileStream file = WeightStream.Open(path);
        try
        {
            return new SafetensorsParts(file, Quote.OneLine(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>The tensor of that name; null where there is none.</summary>
    public SafetensorsHeader.Entry? Find(string name) => header.Tensors.Find(tensor => tensor.Name == name);

    /// <summary>Reads elements of an I32 tensor, from number <paramref name="first"/> on.</summary>
    /// <exception cref="InputException">The disk fails, or the file was cut short meanwhile.</exception>
    public void Read(SafetensorsHeader.Entry tensor, long first, Span<int> values)
    {
        RequireType(tensor, tensor.Type == ElementType.I32);
        ReadBytes(tensor, first, MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
    }

    /// <summary>Reads elements of an I64 tensor, from number <paramref name="first"/> on.</summary>
    /// <inheritdoc cref="Read(SafetensorsHeader.Entry, long, Span{int})"/>
    public void Read(SafetensorsHeader.Entry tensor, long first, Span<long> values)
    {
        RequireType(tensor, tensor.Type == ElementType.I64);
        ReadBytes(tensor, first, MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
    }

    /// <summary>Reads elements of a tensor of floats, widened to float32, from number <paramref name="first"/> on.</summary>
    /// <inheritdoc cref="Read(SafetensorsHeader.Entry, long, Span{int})"/>
    public void Read(SafetensorsHeader.Entry tensor, long first, Span<float> values)
    {
        RequireType(tensor, tensor.Type.IsFloat());
        if (tensor.Type == ElementType.F32)
        {
            ReadBytes(tensor, first, MemoryMarshal.AsBytes(values));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<float, int>(values));
            return;
        }
        int bytes = checked(values.Length * sizeof(ushort));
        if (narrow.Length < bytes)
            narrow = new byte[bytes];
        ReadBytes(tensor, first, narrow.AsSpan(0, bytes));
        ElementReader.Widen(narrow.AsSpan(0, bytes), tensor.Type, values);
    }

    private void ReadBytes(SafetensorsHeader.Entry tensor, long first, Span<byte> bytes)
    {
        int width = tensor.Type.Width();
        if (first < 0 || first > tensor.Length - (bytes.Length / width))
            throw new ArgumentOutOfRangeException(nameof(first), $"elements {first} to {first + (bytes.Length / width)} of tensor '{tensor.Name}', which has {tensor.Length}");
        long position = data + tensor.Begin + (first * width);
        try
        {
            while (bytes.Length > 0)
            {
                int count = RandomAccess.Read(file.SafeFileHandle, bytes, position);
                if (count == 0)
                    throw new InputException($"{Source} cannot be read: it ends early; fetch or copy it again");
                bytes = bytes[count..];
                position += count;
            }
        }
        catch (IOException problem)
        {
            throw new InputException($"{Source} cannot be read: {Quote.OneLine(problem.Message.TrimEnd('.'))}; fetch or copy it again", problem);
        }
    }

    private static void RequireType(SafetensorsHeader.Entry tensor, bool fits)
    {
        if (!fits)
            throw new ArgumentException($"tensor '{tensor.Name}' is of type {tensor.Type}", nameof(tensor));
    }

    public void Dispose() => file.Dispose();
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gim.Config;
using Gim.Files;

namespace Gim.Fmri.Responses;

/// <summary>Responses as NumPy saves an array: [TRs, targets], or [TRs] for one target.</summary>
internal sealed class NpyFile : IResponseFile
{
    private readonly string path;
    private readonly FileStream file;
    private readonly NpyHeader header;

    private NpyFile(string path, FileStream file, NpyHeader header)
    {
        this.path = path;
        this.file = file;
        this.header = header;
    }

    public int Rows => header.Rows;

    public int Columns => header.Columns;

    /// <exception cref="InputException">The file cannot be read or is no such array.</exception>
    public static NpyFile Open(string path)
    {
        FileStream file = InputFile.Open(path, ResponseFiles.Expected);
        path = Quote.OneLine(path);
        try
        {
            return new NpyFile(path, file, InputFile.Guard(path, () => NpyHeader.Read(file, path)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Read(int first, int count, Span<float> destination)
    {
        ResponseFiles.CheckRange(this, first, count, destination.Length);
        if (destination.IsEmpty)
            return;
        try
        {
            if (header.ColumnsFirst)
                ReadColumns(first, count, destination);
            else
                ReadRows(first, count, destination);
        }
        catch (IOException problem)
        {
            InputFile.Guard<int>(path, () => throw problem);
        }
    }

    public void Dispose() => file.Dispose();

    private void ReadRows(int first, int count, Span<float> destination)
    {
        var bytes = new byte[checked(count * header.Width)];
        for (int row = 0; row < Rows; row++)
        {
            file.Position = header.Start + ((long)row * Columns + first) * header.Width;
            file.ReadExactly(bytes);
            Convert(bytes, destination.Slice(row * count, count));
        }
    }

    private void ReadColumns(int first, int count, Span<float> destination)
    {
        var bytes = new byte[checked(Rows * header.Width)];
        var column = new float[Rows];
        file.Position = header.Start + (long)first * Rows * header.Width;
        for (int j = 0; j < count; j++)
        {
            file.ReadExactly(bytes);
            Convert(bytes, column);
            for (int row = 0; row < column.Length; row++)
                destination[row * count + j] = column[row];
        }
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (header.Width == sizeof(float) && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
            return;
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = header.Width == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..])
                : (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
        }
    }
}

using System.Numerics.Tensors;
using Gim.Config;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Gim.Fmri.Responses;

/// <summary>A dataset of an HDF5 file: contiguous, compact or in chunks, these compressed or not.</summary>
internal sealed class HdfDataset(HdfFile file, NativeDataset dataset)
{
    /// <summary>Values held beside the destination while 64-bit ones are rounded.</summary>
    private const int BandValues = 1 << 21;

    private const int Chunks = 1 << 20;

    public string Name => dataset.Name;

    /// <summary>Lengths of its axes.</summary>
    public long[] Shape { get; } = HdfFile.Guard(file.Path, () => dataset.Space.Dimensions.Select(length => checked((long)length)).ToArray());

    /// <summary>Whether it holds 32-bit or 64-bit floats.</summary>
    public bool IsFloat => HdfFile.Guard(file.Path, () => dataset.Type.Class == H5DataTypeClass.FloatingPoint && dataset.Type.Size is sizeof(float) or sizeof(double));

    /// <summary>Reads rows and columns of a matrix, or of one matrix of several.</summary>
    /// <param name="plane">Which matrix, where the dataset has three axes; null where it has two.</param>
    /// <param name="rows">Its rows, all of which are read.</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="destination">[rows, count]</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    public void Read(int? plane, int rows, int first, int count, Span<float> destination)
    {
        if (rows == 0 || count == 0)
            return;
        (int chunkRows, H5DatasetAccess access) = Access(rows, count);
        bool wide = HdfFile.Guard(file.Path, () => dataset.Type.Size) == sizeof(double);
        // Bands end where chunks do, so that each chunk is unpacked once.
        int band = (int)Math.Min(rows, chunkRows * Math.Max(1, BandValues / ((long)chunkRows * count)));
        double[] buffer = wide ? new double[checked(band * count)] : [];
        for (int row = 0; row < rows; row += band)
        {
            int some = Math.Min(band, rows - row);
            Selection selection = plane is { } matrix
                ? new HyperslabSelection(3, [(ulong)matrix, (ulong)row, (ulong)first], [1, (ulong)some, (ulong)count])
                : new HyperslabSelection(2, [(ulong)row, (ulong)first], [(ulong)some, (ulong)count]);
            Span<float> part = destination.Slice(row * count, some * count);
            if (wide)
            {
                ReadInto(buffer.AsSpan(0, part.Length), selection, access);
                TensorPrimitives.ConvertTruncating<double, float>(buffer.AsSpan(0, part.Length), part);
            }
            else
            {
                ReadInto(part, selection, access);
            }
        }
    }

    /// <summary>All strings of a dataset with one axis.</summary>
    /// <exception cref="InputException">It holds something else, or the file is damaged there.</exception>
    public string[] ReadStrings()
    {
        bool text = HdfFile.Guard(file.Path, () => dataset.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength);
        if (Shape.Length != 1 || !text)
            throw new InputException($"{file.Path}: the dataset {Quote.Of(Name)} is no list of texts; expected one text for each word");
        return HdfFile.Guard(file.Path, () => dataset.Read<string[]>());
    }

    private void ReadInto<T>(Span<T> destination, Selection selection, H5DatasetAccess access) where T : unmanaged
    {
        try
        {
            dataset.Read(access, destination, selection);
        }
#pragma warning disable CA1031 // As in Guard, which takes no span.
        catch (Exception problem)
        {
            HdfFile.Guard<int>(file.Path, () => throw problem);
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Rows of a chunk, and a cache that holds a line of chunks side by side: rows are read one after another, and with the
    /// library's own small cache each row would unpack all of its chunks anew.
    /// </summary>
    private (int ChunkRows, H5DatasetAccess Access) Access(int rows, int count) => HdfFile.Guard(file.Path, () =>
    {
        if (dataset.Layout.Class != H5DataLayoutClass.Chunked)
            return (1, default(H5DatasetAccess));
        ulong[] chunk = dataset.Layout.Chunks;
        if (chunk.Length != Shape.Length || chunk.Any(length => length is 0 or > int.MaxValue))
            throw new InputException($"{file.Path}: the chunks of {Quote.Of(Name)} have no possible size; the file is damaged: fetch or write it again");
        double values = (double)chunk[^2] * (count + 2.0 * chunk[^1]) * (chunk.Length == 3 ? chunk[0] : 1);
        var cache = new SimpleReadingChunkCache(Chunks, (ulong)(values * dataset.Type.Size));
        return ((int)Math.Min(chunk[^2], (ulong)rows), new H5DatasetAccess(ChunkCache: cache));
    });
}

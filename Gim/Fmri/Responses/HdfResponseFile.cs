namespace Gim.Fmri.Responses;

/// <summary>
/// Responses in HDF5: the dataset <c>data</c> [TRs, targets], and for a story that was heard several times, where the file
/// has them, the single trials: a dataset [trials, TRs, targets] of any name.
/// </summary>
internal sealed class HdfResponseFile : IResponseFile
{
    private const string DatasetName = "data";

    private readonly HdfFile file;
    private readonly HdfDataset data;

    private HdfResponseFile(HdfFile file, HdfDataset data, int rows, int columns)
    {
        this.file = file;
        this.data = data;
        Rows = rows;
        Columns = columns;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <exception cref="InputException">The file cannot be read or has no such dataset.</exception>
    public static HdfResponseFile Open(string path)
    {
        HdfFile file = HdfFile.Open(path);
        try
        {
            HdfDataset data = file.Dataset(DatasetName);
            if (!data.IsFloat)
                throw new InputException($"{file.Path}: the dataset '{DatasetName}' holds other values than 32-bit or 64-bit floats; write it as one of these");
            if (data.Shape.Length != 2 || data.Shape.Any(length => length is < 1 or > int.MaxValue))
                throw new InputException($"{file.Path}: the dataset '{DatasetName}' is [{string.Join(", ", data.Shape)}] where [TRs, targets] was expected");
            return new HdfResponseFile(file, data, (int)data.Shape[0], (int)data.Shape[1]);
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
        data.Read(null, Rows, first, count, destination);
    }

    /// <summary>The single trials: a dataset beside <c>data</c> with a matrix of the same size for each, null where there is none.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public HdfTrials? FindTrials()
    {
        HdfDataset? trials = file.Datasets().FirstOrDefault(other =>
            other.Shape.Length == 3 && other.Shape[0] is > 0 and <= int.MaxValue && other.Shape[1] == Rows && other.Shape[2] == Columns && other.IsFloat);
        return trials is null ? null : new HdfTrials(this, trials);
    }

    IResponseTrials? IResponseFile.FindTrials() => FindTrials();

    public void Dispose() => file.Dispose();
}

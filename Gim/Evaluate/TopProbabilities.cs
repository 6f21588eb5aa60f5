using System.Buffers.Binary;

namespace Gim.Evaluate;

/// <summary>
/// The probability of each row's most likely token, which calibration needs and the published columns lack. While a run goes on they
/// lie in a file of their own, so that a run that is stopped finds them again; of rows whose value is lost it is NaN.
/// </summary>
internal sealed class TopProbabilities : IDisposable
{
    private const string FileName = "predictions.unfinished.top";

    private readonly string path;
    private readonly FileStream stream;

    private TopProbabilities(string path, FileStream stream, double[] kept) => (this.path, this.stream, Kept) = (path, stream, kept);

    /// <summary>Of the rows that an interrupted run left.</summary>
    public IReadOnlyList<double> Kept { get; }

    /// <summary>Opens the file of a run's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">Rows that are kept of an interrupted run.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static TopProbabilities Open(string folder, int rows)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
            double[] kept = Read(stream, rows);
            stream.SetLength(0);
            var file = new TopProbabilities(path, stream, kept);
            file.Append(kept);
            return file;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {path}: {problem.Message.TrimEnd('.')}; choose another place with --output", problem);
        }
    }

    /// <summary>Adds values and hands them to the system. To be called before the rows are saved: values too many are dropped, ones too few are lost.</summary>
    public void Append(IEnumerable<double> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
        stream.Flush();
    }

    /// <summary>Removes the file, after the run is done or its rows are dropped.</summary>
    public void Remove()
    {
        Dispose();
        File.Delete(path);
    }

    public void Dispose() => stream.Dispose();

    private static double[] Read(FileStream stream, int rows)
    {
        var values = new double[rows];
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        for (int i = 0; i < rows; i++)
        {
            double value = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : double.NaN;
            // A damaged value is no probability.
            values[i] = value is >= 0 and <= 1 ? value : double.NaN;
        }
        return values;
    }
}

using Gim.Fmri;
using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace Gim.Tests.Fmri.Responses;

/// <summary>Files of responses as tests write them.</summary>
internal static class TestResponses
{
    /// <summary>Values that tell their place and that a float holds exactly.</summary>
    public static Matrix Numbered(int rows, int columns, int seed = 0)
    {
        var matrix = new Matrix(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++)
            matrix.Values[i] = seed + i - 0.5f;
        return matrix;
    }

    /// <param name="layout">"contiguous", "chunked" or "packed" (shuffled and deflated chunks).</param>
    public static void WriteHdf<T>(string path, Matrix matrix, string layout, uint[] chunk, params (string Name, object Data)[] others) where T : unmanaged
    {
        var values = new T[matrix.Rows, matrix.Columns];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
                values[row, column] = (T)Convert.ChangeType(matrix[row, column], typeof(T), System.Globalization.CultureInfo.InvariantCulture);
        }
        var file = new H5File { ["data"] = Dataset(values, layout, chunk) };
        foreach (var (name, data) in others)
            file[name] = data;
        File.Delete(path);
        file.Write(path);
    }

    public static H5Dataset Dataset(Array values, string layout, uint[] chunk) => layout switch
    {
        "contiguous" => new H5Dataset(values),
        "chunked" => new H5Dataset(values, chunks: chunk),
        _ => new H5Dataset(values, chunks: chunk, datasetCreation: new H5DatasetCreation(Filters: [ShuffleFilter.Id, DeflateFilter.Id])),
    };

    public static float[] Columns(Matrix matrix, int first, int count)
    {
        var part = new float[matrix.Rows * count];
        for (int row = 0; row < matrix.Rows; row++)
            matrix.Row(row).Slice(first, count).CopyTo(part.AsSpan(row * count));
        return part;
    }
}

using System.Numerics.Tensors;
using Gim.Kernels.Devices;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Ridge;

/// <summary>
/// Sums over chosen rows of products of columns, a few hundred rows at a time and the parts added in doubles.
/// Products of features with each other are made in doubles: their small eigenvalues stand beside the penalty, and an error
/// of float32's size relative to the largest one would hide them. Products with responses are made in float32 by the device:
/// what they lose (about 1e-7 of |x| |y| for each part) lies far below what the responses' noise adds to the same sums.
/// </summary>
internal sealed class RowProducts(Device device, int threads)
{
    /// <summary>Rows of a product in doubles, and of one in float32: whole parts of the products' own sums.</summary>
    private const int DoubleRows = 768, SingleRows = 1536;

    /// <summary>2^-24: half of a float's last digit.</summary>
    private const double SingleRounding = 1.0 / (1 << 24);

    /// <summary>
    /// Whether XᵀX may be made in float32 by a device that is not this processor. Rounding it to float32 moves its eigenvalues
    /// by up to 2^-24 of its trace (Weyl), which must not reach the smallest penalty.
    /// </summary>
    public static bool SingleSuffices(Matrix features, double smallestPenalty)
    {
        double trace = 0;
        for (int row = 0; row < features.Rows; row++)
            trace += TensorPrimitives.SumOfSquares<float>(features.Row(row));
        return smallestPenalty >= trace * SingleRounding;
    }

    /// <summary>gram += Σ xᵀx over the rows, on and below the diagonal.</summary>
    /// <param name="gram">[columns, columns]</param>
    /// <param name="single">Made by the device in float32, summed up in doubles.</param>
    public void AddGram(Matrix x, ReadOnlySpan<int> rows, Span<double> gram, bool single, CancellationToken cancellation = default)
    {
        if (single)
            AddSingleGram(x, rows, gram, cancellation);
        else
            AddDoubleGram(x, rows, gram, cancellation);
    }

    private void AddDoubleGram(Matrix x, ReadOnlySpan<int> rows, Span<double> gram, CancellationToken cancellation)
    {
        int columns = x.Columns;
        double[] part = new double[Math.Min(DoubleRows, rows.Length) * columns];
        for (int first = 0; first < rows.Length; first += DoubleRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(DoubleRows, rows.Length - first);
            for (int i = 0; i < count; i++)
                TensorPrimitives.ConvertTruncating<float, double>(x.Row(rows[first + i]), part.AsSpan(i * columns, columns));
            DoubleProduct.MultiplyByTranspose(columns, count, 1, part, columns, transposeA: true, 1, gram, columns, threads);
        }
    }

    private void AddSingleGram(Matrix x, ReadOnlySpan<int> rows, Span<double> gram, CancellationToken cancellation)
    {
        int columns = x.Columns;
        float[] host = new float[columns * columns];
        using DeviceBuffer<float> some = device.AllocateFloats(Math.Min(SingleRows, rows.Length) * columns), sums = device.AllocateFloats(columns * columns);
        for (int first = 0; first < rows.Length; first += SingleRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(SingleRows, rows.Length - first);
            sums.Clear();
            DeviceView<float> view = some.Slice(0, count * columns);
            Upload(x, rows.Slice(first, count), view);
            device.AddGram(view, count, columns, sums);
            sums.Download(host);
            Add(host, gram, columns);
        }
    }

    /// <summary>cross += Σ xᵀy over the rows.</summary>
    /// <param name="y">Has the same rows as x.</param>
    /// <param name="cross">[x.Columns, y.Columns]</param>
    /// <exception cref="InputException">A sum leaves the range of float32.</exception>
    public void AddCross(Matrix x, Matrix y, ReadOnlySpan<int> rows, Span<double> cross, CancellationToken cancellation = default)
    {
        int m = x.Columns, n = y.Columns, most = Math.Min(SingleRows, rows.Length);
        float[] host = new float[m * n];
        using DeviceBuffer<float> left = device.AllocateFloats(most * m), right = device.AllocateFloats(most * n), product = device.AllocateFloats(m * n);
        for (int first = 0; first < rows.Length; first += SingleRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(SingleRows, rows.Length - first);
            DeviceView<float> a = left.Slice(0, count * m), b = right.Slice(0, count * n);
            Upload(x, rows.Slice(first, count), a);
            Upload(y, rows.Slice(first, count), b);
            device.Multiply(a, b, new ProductShape(m, n, count) { TransposeA = true }, product);
            product.Download(host);
            if (!TensorPrimitives.IsFiniteAll<float>(host))
                throw new InputException("products of features and responses leave the range of float32: scale the responses (z-score them)");
            Add(host, cross, n);
        }
    }

    private static void Add(float[] part, Span<double> sums, int columns)
    {
        double[] row = new double[columns];
        for (int start = 0; start < part.Length; start += columns)
        {
            TensorPrimitives.ConvertTruncating<float, double>(part.AsSpan(start, columns), row);
            Span<double> to = sums.Slice(start, columns);
            TensorPrimitives.Add(to, row, to);
        }
    }

    /// <summary>Runs of rows that follow each other go in one piece.</summary>
    private void Upload(Matrix x, ReadOnlySpan<int> rows, DeviceView<float> destination)
    {
        for (int start = 0; start < rows.Length;)
        {
            int end = start + 1;
            while (end < rows.Length && rows[end] == rows[end - 1] + 1)
                end++;
            int length = (end - start) * x.Columns;
            device.Upload<float>(x.Values.AsSpan(rows[start] * x.Columns, length), destination.Slice(start * x.Columns, length));
            start = end;
        }
    }
}

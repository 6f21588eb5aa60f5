using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// A square matrix of which only the elements that are not 0 are kept, row after row (compressed rows). The arrays may be
/// longer than the matrix needs.
/// </summary>
/// <param name="size">Rows and columns.</param>
/// <param name="starts">[size + 1]: row i's elements are those from starts[i] to before starts[i + 1].</param>
/// <param name="columns">Each element's column, ascending within a row.</param>
/// <param name="values">Each element.</param>
internal sealed unsafe class SparseMatrix(int size, long[] starts, int[] columns, float[] values)
{
    /// <summary>Rows that a thread takes at a time: a few frequent tokens have most of the elements.</summary>
    private const int RowsTogether = 16;

    public int Size { get; } = size;

    public long[] Starts { get; } = starts;

    public int[] Columns { get; } = columns;

    public float[] Values { get; } = values;

    /// <summary>How many elements are kept.</summary>
    public long Count => Starts[Size];

    /// <summary>
    /// Y = A X. An element is one sum in single precision, over the row's elements in order, four to a step:
    /// <see cref="MultiplyReference"/> is the definition. The same to the last bit for every number of threads.
    /// </summary>
    /// <param name="x">[size, width]</param>
    /// <param name="y">[size, width], apart from X.</param>
    /// <param name="progress">Is told of each row of A that is done.</param>
    public void Multiply(float[] x, int width, float[] y, int threads, IJobProgress progress, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (Size + RowsTogether - 1) / RowsTogether, options, block =>
        {
            int first = block * RowsTogether, end = Math.Min(first + RowsTogether, Size);
            for (int row = first; row < end; row++)
            {
                Span<float> sum = y.AsSpan(row * width, width);
                sum.Clear();
                int count = (int)(Starts[row + 1] - Starts[row]);
                if (count == 0 || width == 0)
                    continue;
                fixed (int* column = &Columns[Starts[row]])
                fixed (float* value = &Values[Starts[row]], from = x, to = sum)
                    Row(count, column, value, from, width, to);
            }
            progress.Advance(end - first);
        });
    }

    /// <summary>The definition of <see cref="Multiply"/>.</summary>
    public void MultiplyReference(float[] x, int width, double[] y)
    {
        Array.Clear(y);
        for (int row = 0; row < Size; row++)
        {
            for (long p = Starts[row]; p < Starts[row + 1]; p++)
            {
                for (int j = 0; j < width; j++)
                    y[row * width + j] += (double)Values[p] * x[Columns[p] * width + j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(int count, int* column, float* value, float* x, nint width, float* y)
    {
        int p = 0;
        for (; p + 4 <= count; p += 4)
        {
            float* x0 = x + column[p] * width, x1 = x + column[p + 1] * width, x2 = x + column[p + 2] * width, x3 = x + column[p + 3] * width;
            float a0 = value[p], a1 = value[p + 1], a2 = value[p + 2], a3 = value[p + 3];
            var v0 = new Vector<float>(a0);
            var v1 = new Vector<float>(a1);
            var v2 = new Vector<float>(a2);
            var v3 = new Vector<float>(a3);
            nint j = 0;
            for (; j + Vector<float>.Count <= width; j += Vector<float>.Count)
            {
                Vector<float> sum = Vector.MultiplyAddEstimate(v0, Vector.Load(x0 + j), Vector.Load(y + j));
                sum = Vector.MultiplyAddEstimate(v1, Vector.Load(x1 + j), sum);
                sum = Vector.MultiplyAddEstimate(v2, Vector.Load(x2 + j), sum);
                Vector.MultiplyAddEstimate(v3, Vector.Load(x3 + j), sum).Store(y + j);
            }
            for (; j < width; j++)
            {
                float sum = float.MultiplyAddEstimate(a0, x0[j], y[j]);
                sum = float.MultiplyAddEstimate(a1, x1[j], sum);
                sum = float.MultiplyAddEstimate(a2, x2[j], sum);
                y[j] = float.MultiplyAddEstimate(a3, x3[j], sum);
            }
        }
        for (; p < count; p++)
        {
            float* from = x + column[p] * width;
            for (nint j = 0; j < width; j++)
                y[j] = float.MultiplyAddEstimate(value[p], from[j], y[j]);
        }
    }
}

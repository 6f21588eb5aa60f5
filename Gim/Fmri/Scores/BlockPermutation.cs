using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Evaluate;

namespace Gim.Fmri.Scores;

/// <summary>
/// Whether r is larger than chance: measured responses are shuffled in blocks that keep most of their autocorrelation, and
/// p = (1 + #{shuffled r >= r}) / (1 + n). All targets are shuffled alike. <see cref="BlockPermutationReference"/> is the
/// definition. A shuffled r counts as equal within 1e-5, so that rounding never makes p too small.
/// </summary>
internal static unsafe class BlockPermutation
{
    /// <summary>What counts as equal: ten times what rounding a sum of a thousand products to float32 usually costs.</summary>
    internal const float Rounding = 1e-5f;

    /// <summary>Vectors of targets whose sums stay in registers.</summary>
    private const int Vectors = 4;

    /// <summary>[targets]; 1 where a side is constant or there is a single block.</summary>
    /// <param name="predicted">[rows, targets]</param>
    /// <param name="measured">[rows, targets]</param>
    /// <param name="blocks">All rows in turn.</param>
    /// <exception cref="InputException">A value is not a finite number.</exception>
    /// <exception cref="ArgumentException">The shapes differ, or the blocks are not the rows.</exception>
    public static double[] PValues(
        Matrix predicted, Matrix measured, ReadOnlySpan<RowRange> blocks, int permutations = 1000, long seed = 1, int threads = 1,
        CancellationToken cancellation = default)
    {
        TestCorrelations.RequireSame(predicted, measured);
        FiniteValues.Require(predicted, "the prediction of target");
        FiniteValues.Require(measured, "target");
        int rows = measured.Rows, targets = measured.Columns, width = Vectors * Vector<float>.Count, chunks = (targets + width - 1) / width;
        int[] orders = Orders(rows, blocks, permutations, seed);
        var pValues = new double[targets];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, chunks, options, () => (new float[rows * width], new float[rows * width]), (chunk, _, unit) =>
        {
            (float[] left, float[] right) = unit;
            int first = chunk * width, count = Math.Min(width, targets - first);
            Unit(predicted, first, count, width, left);
            Unit(measured, first, count, width, right);
            Count(left, right, orders, rows, permutations, width, pValues.AsSpan(first, count));
            return unit;
        }, _ => { });
        return pValues;
    }

    /// <summary>[1 + permutations, rows]: which measured row each predicted row meets; the first order is the rows' own.</summary>
    /// <exception cref="ArgumentException">The blocks are not the rows.</exception>
    internal static int[] Orders(int rows, ReadOnlySpan<RowRange> blocks, int permutations, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permutations);
        RowRange.RequireAll(blocks, rows);
        var random = new SeededRandom(seed);
        RowRange[] shuffled = blocks.ToArray();
        var orders = new int[checked((1 + permutations) * rows)];
        for (int permutation = 0, next = 0; permutation <= permutations; permutation++)
        {
            for (int i = shuffled.Length - 1; i > 0 && permutation > 0; i--)
            {
                int other = (int)random.Below(i + 1);
                (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
            }
            foreach (RowRange block in shuffled)
            {
                for (int row = block.Start; row < block.End; row++)
                    orders[next++] = row;
            }
        }
        return orders;
    }

    /// <summary>Some columns, each less its mean and of length 1: products of two are their r. Constant columns are 0.</summary>
    /// <param name="unit">[rows, width], 0 beyond the columns.</param>
    private static void Unit(Matrix values, int first, int count, int width, float[] unit)
    {
        unit.AsSpan().Clear();
        for (int column = 0; column < count; column++)
        {
            double origin = values.Rows == 0 ? 0 : values[0, first + column], mean = 0, squares = 0;
            for (int row = 0; row < values.Rows; row++)
                mean += (values[row, first + column] - origin) / values.Rows;
            for (int row = 0; row < values.Rows; row++)
                squares += (values[row, first + column] - origin - mean) * (values[row, first + column] - origin - mean);
            double factor = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
            for (int row = 0; row < values.Rows; row++)
                unit[row * width + column] = (float)((values[row, first + column] - origin - mean) * factor);
        }
    }

    private static void Count(float[] left, float[] right, int[] orders, int rows, int permutations, int width, Span<double> pValues)
    {
        float* sums = stackalloc float[width];
        float* threshold = stackalloc float[width];
        int* counts = stackalloc int[width];
        new Span<int>(counts, width).Clear();
        fixed (float* a = left, b = right)
        {
            fixed (int* order = orders)
            {
                Products(a, b, order, rows, width, threshold);
                for (int permutation = 1; permutation <= permutations; permutation++)
                {
                    Products(a, b, order + (nint)permutation * rows, rows, width, sums);
                    for (int column = 0; column < width; column++)
                    {
                        if (sums[column] >= threshold[column] - Rounding) counts[column]++;
                    }
                }
            }
        }
        for (int column = 0; column < pValues.Length; column++)
            pValues[column] = (1.0 + counts[column]) / (1.0 + permutations);
    }

    /// <summary>sums_c = Σ_i a_ic b_(order_i)c</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(float* a, float* b, int* order, int rows, int width, float* sums)
    {
        int lanes = Vector<float>.Count;
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < rows; i++, a += width)
        {
            float* other = b + (nint)order[i] * width;
            s0 = Vector.MultiplyAddEstimate(Vector.Load(a), Vector.Load(other), s0);
            s1 = Vector.MultiplyAddEstimate(Vector.Load(a + lanes), Vector.Load(other + lanes), s1);
            s2 = Vector.MultiplyAddEstimate(Vector.Load(a + 2 * lanes), Vector.Load(other + 2 * lanes), s2);
            s3 = Vector.MultiplyAddEstimate(Vector.Load(a + 3 * lanes), Vector.Load(other + 3 * lanes), s3);
        }
        s0.Store(sums);
        s1.Store(sums + lanes);
        s2.Store(sums + 2 * lanes);
        s3.Store(sums + 3 * lanes);
    }
}

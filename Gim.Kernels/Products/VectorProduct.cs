using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.Products;

/// <summary>
/// The product where C is one row or one column, or a few: a matrix W times a vector x, read once at the speed of memory
/// and therefore never packed. W is B where C is rows, A where it is columns.
/// </summary>
internal static unsafe class VectorProduct
{
    /// <summary>Results summed at a time: they stay in the second cache, while W's rows are long enough to stream.</summary>
    private const int Block = 32768;

    /// <summary>Parts begin at multiples of this, so that a result is in the same lane whatever the parts are.</summary>
    private const int Unit = 64;

    /// <summary>The most vectors: with more of them, packing W pays.</summary>
    private const int Few = 4;

    /// <summary>Whether this is the way to make the product. More than one vector must lie as W's rows do.</summary>
    public static bool Suits(ProductProblem* problem)
        => problem->M == 1 || problem->N == 1
            || (problem->M <= Few && !problem->TransposeA && problem->TransposeB)
            || (problem->N <= Few && !problem->TransposeA && problem->TransposeB);

    /// <summary>Whether C is rows; else it is columns.</summary>
    public static bool IsRows(ProductProblem* problem) => problem->M == 1 || (problem->N > 1 && problem->M <= Few && problem->M <= problem->N);

    /// <summary>Computes one part of C, which is divided over its longer side.</summary>
    public static void Part(void* state, int part)
    {
        var problem = (ProductProblem*)state;
        bool isRows = IsRows(problem);
        int results = isRows ? problem->N : problem->M, vectors = isRows ? problem->M : problem->N;
        int parts = isRows ? problem->ColumnParts : problem->RowParts;
        int units = (results + Unit - 1) / Unit;
        int end = (int)Math.Min((long)units * (part + 1) / parts * Unit, results);
        int first = (int)Math.Min((long)units * part / parts * Unit, results);
        // Several vectors meet the same few rows of W while those are in a cache.
        int block = vectors > 1 ? Unit : Block;
        for (; first < end; first += block)
        {
            for (int vector = 0; vector < vectors; vector++)
                Results(problem, isRows, vector, first, Math.Min(block, end - first));
        }
    }

    private static void Results(ProductProblem* problem, bool isRows, nint vector, int first, int count)
    {
        float* sums = PackBuffer.Sums.Take(Block);
        float* x = isRows
            ? Contiguous(problem->A + (problem->TransposeA ? vector : vector * problem->Lda), problem->TransposeA ? problem->Lda : 1, problem->K)
            : Contiguous(problem->B + (problem->TransposeB ? vector * problem->Ldb : vector), problem->TransposeB ? 1 : problem->Ldb, problem->K);
        float* w = isRows ? problem->B : problem->A;
        nint stride = isRows ? problem->Ldb : problem->Lda;
        bool rowsAreResults = isRows ? problem->TransposeB : !problem->TransposeA;
        if (rowsAreResults)
            Dots(w + first * stride, stride, count, problem->K, x, sums);
        else
            Combine(w + first, stride, count, problem->K, x, sums);
        float* c = problem->C + (isRows ? vector * problem->Ldc + first : first * problem->Ldc + vector);
        Write(sums, count, problem->Alpha, problem->Beta, c, isRows ? 1 : problem->Ldc);
        if (problem->Bias == null && !problem->Gelu)
            return;
        float* bias = problem->Bias == null ? null : problem->Bias + (isRows ? first : vector);
        ProductEpilogue.Apply(c, problem->Ldc, isRows ? 1 : count, isRows ? count : 1, bias, problem->Gelu);
    }

    private static float* Contiguous(float* x, nint step, int count)
    {
        if (step == 1)
            return x;
        float* copy = PackBuffer.Left.Take(count);
        for (nint i = 0; i < count; i++)
            copy[i] = x[i * step];
        return copy;
    }

    /// <summary>sums[i] = sum over p of W[i, p] x[p]: a row of W after the other.</summary>
    /// <param name="w">[count, depth] with <paramref name="stride"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(float* w, nint stride, int count, nint depth, float* x, float* sums)
    {
        nint lanes = Vector<float>.Count;
        for (int i = 0; i < count; i++, w += stride)
        {
            // As many sums as multiply-adds are under way at a time.
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            nint p = 0;
            for (; p <= depth - 8 * lanes; p += 8 * lanes)
            {
                float* at = w + p, with = x + p;
                s0 = Vector.MultiplyAddEstimate(Vector.Load(at), Vector.Load(with), s0);
                s1 = Vector.MultiplyAddEstimate(Vector.Load(at + lanes), Vector.Load(with + lanes), s1);
                s2 = Vector.MultiplyAddEstimate(Vector.Load(at + 2 * lanes), Vector.Load(with + 2 * lanes), s2);
                s3 = Vector.MultiplyAddEstimate(Vector.Load(at + 3 * lanes), Vector.Load(with + 3 * lanes), s3);
                s4 = Vector.MultiplyAddEstimate(Vector.Load(at + 4 * lanes), Vector.Load(with + 4 * lanes), s4);
                s5 = Vector.MultiplyAddEstimate(Vector.Load(at + 5 * lanes), Vector.Load(with + 5 * lanes), s5);
                s6 = Vector.MultiplyAddEstimate(Vector.Load(at + 6 * lanes), Vector.Load(with + 6 * lanes), s6);
                s7 = Vector.MultiplyAddEstimate(Vector.Load(at + 7 * lanes), Vector.Load(with + 7 * lanes), s7);
            }
            for (; p <= depth - lanes; p += lanes)
                s0 = Vector.MultiplyAddEstimate(Vector.Load(w + p), Vector.Load(x + p), s0);
            float rest = 0;
            for (; p < depth; p++)
                rest += w[p] * x[p];
            sums[i] = Vector.Sum(s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7))) + rest;
        }
    }

    /// <summary>sums[j] = sum over p of x[p] W[p, j]: rows of W, eight at a time, added in ascending order.</summary>
    /// <param name="w">[depth, count] with <paramref name="stride"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(float* w, nint stride, int count, nint depth, float* x, float* sums)
    {
        nint lanes = Vector<float>.Count;
        new Span<float>(sums, count).Clear();
        nint p = 0;
        for (; p <= depth - 8; p += 8, w += 8 * stride)
        {
            Vector<float> x0 = new(x[p]), x1 = new(x[p + 1]), x2 = new(x[p + 2]), x3 = new(x[p + 3]);
            Vector<float> x4 = new(x[p + 4]), x5 = new(x[p + 5]), x6 = new(x[p + 6]), x7 = new(x[p + 7]);
            nint j = 0;
            for (; j <= count - lanes; j += lanes)
            {
                float* at = w + j;
                Vector<float> sum = Vector.MultiplyAddEstimate(Vector.Load(at), x0, Vector.Load(sums + j));
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + stride), x1, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 2 * stride), x2, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 3 * stride), x3, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 4 * stride), x4, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 5 * stride), x5, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 6 * stride), x6, sum);
                sum = Vector.MultiplyAddEstimate(Vector.Load(at + 7 * stride), x7, sum);
                sum.Store(sums + j);
            }
            for (; j < count; j++)
            {
                float sum = sums[j];
                for (nint row = 0; row < 8; row++)
                    sum += w[row * stride + j] * x[p + row];
                sums[j] = sum;
            }
        }
        for (; p < depth; p++, w += stride)
        {
            Vector<float> all = new(x[p]);
            nint j = 0;
            for (; j <= count - lanes; j += lanes)
                Vector.MultiplyAddEstimate(Vector.Load(w + j), all, Vector.Load(sums + j)).Store(sums + j);
            for (; j < count; j++)
                sums[j] += w[j] * x[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(float* sums, int count, float alpha, float beta, float* c, nint step)
    {
        for (nint i = 0; i < count; i++)
            c[i * step] = beta == 0 ? alpha * sums[i] : alpha * sums[i] + beta * c[i * step];
    }
}

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using Gim.Kernels.Elementwise;
using Gim.Kernels.Products;

namespace Gim.Kernels.Simd;

/// <summary>
/// One head of attention in one sequence, a block of queries at a time: the scores of a block against the keys that any of
/// its queries sees are a small matrix product, as are what follows from them. A band narrower than the sequence wastes
/// less in small blocks, products gain in large ones; <see cref="Queries"/> was measured to be a good middle.
/// </summary>
internal unsafe struct AttentionBlock
{
    /// <summary>Queries of a block.</summary>
    public const int Queries = 32;

    private readonly AttentionShape shape;
    private readonly float* relativeKeys, relativeValues, bias;

    /// <summary>[queries, keys]: scores, later weights; for the gradient also slopes; [queries, distances]: either by distance.</summary>
    private readonly float* weights, slopes, byDistance;

    /// <summary>Distances that occur at all: the window, or the sequence where that is shorter.</summary>
    private readonly int band;

    /// <summary>A row of the sequence from its first position on, at this head's query.</summary>
    private float* queries;
    private int first, count, firstKey, keys, firstDistance, distances;

    /// <param name="forGradient">Whether slopes will be wanted.</param>
    public AttentionBlock(AttentionShape shape, float* relativeKeys, float* relativeValues, float* headBias, bool forGradient)
    {
        this.shape = shape;
        this.relativeKeys = relativeKeys;
        this.relativeValues = relativeValues;
        bias = headBias;
        band = Math.Min(shape.Distances, shape.Length);
        int block = Math.Min(Queries, shape.Length);
        nint scores = block * (nint)Math.Min(band + (long)block - 1, shape.Length);
        nint distances = relativeKeys == null && relativeValues == null ? 0 : block * (nint)band;
        weights = PackBuffer.Attention.Take((forGradient ? 2 : 1) * scores + distances);
        slopes = weights + (forGradient ? scores : 0);
        byDistance = slopes + scores;
    }

    private readonly nint RowStride => 3 * (nint)shape.Columns;

    private readonly float* Keys => queries + shape.Columns + firstKey * RowStride;

    private readonly float* Values => queries + 2 * (nint)shape.Columns + firstKey * RowStride;

    /// <summary>The distance-ordered tables' rows that this block meets: those of the oldest positions come first.</summary>
    private readonly nint TableStart => (nint)(shape.Distances - distances) * shape.HeadSize;

    /// <summary>Moves to the queries from <paramref name="start"/> up to <paramref name="end"/> and makes their scores.</summary>
    /// <param name="headOfSequence">The head's query in the sequence's first row.</param>
    public void Start(float* headOfSequence, int start, int end)
    {
        queries = headOfSequence;
        first = start;
        count = end - start;
        firstKey = Math.Max(0, start - shape.Distances + 1);
        keys = end - firstKey;
        distances = Math.Min(shape.Distances, end);
        firstDistance = shape.Distances - distances;
        Product(count, keys, shape.HeadSize, shape.Scale, queries + first * RowStride, RowStride, false, Keys, RowStride, true, 0, weights, keys);
        if (relativeKeys != null)
        {
            Product(count, distances, shape.HeadSize, shape.Scale, queries + first * RowStride, RowStride, false, relativeKeys + TableStart, shape.HeadSize, true, 0, byDistance, distances);
            AddByDistance(weights);
        }
        if (bias == null) return;
        for (int i = 0; i < count; i++)
        {
            (int key, int distance, int seen) = Seen(i);
            Span<float> row = Row(weights, i).Slice(key, seen);
            TensorPrimitives.Add(row, new ReadOnlySpan<float>(bias + firstDistance + distance, seen), row);
        }
    }

    /// <summary>
    /// What query <paramref name="i"/> of the block sees: the first column of the scores, the first row of the tables (from
    /// the block's first one on), and how many of either.
    /// </summary>
    private readonly (int Key, int Distance, int Seen) Seen(int i)
    {
        int position = first + i, seen = Math.Min(shape.Distances, position + 1);
        return (position + 1 - seen - firstKey, distances - seen, seen);
    }

    /// <summary>Turns the scores into weights that are not yet divided by their sum, and gives the logarithm of each sum.</summary>
    /// <param name="logSumExp">Of the block's first query; the next one's is <paramref name="step"/> further.</param>
    /// <param name="inverseSums">[queries]</param>
    public readonly void Weigh(float* logSumExp, int step, float* inverseSums)
    {
        for (int i = 0; i < count; i++)
        {
            (int key, _, int seen) = Seen(i);
            Span<float> row = Row(weights, i), own = row.Slice(key, seen);
            float largest = TensorPrimitives.Max<float>(own), sum = Exponential.Apply(own, largest, 1, own);
            Hide(row, key, seen);
            inverseSums[i] = 1 / sum;
            logSumExp[(nint)i * step] = largest + MathF.Log(sum);
        }
    }

    /// <summary>Turns the scores into weights, from the logarithms of their sums.</summary>
    public readonly void WeighAgain(float* logSumExp, int step)
    {
        for (int i = 0; i < count; i++)
        {
            (int key, _, int seen) = Seen(i);
            Span<float> row = Row(weights, i), own = row.Slice(key, seen);
            Exponential.Apply(own, logSumExp[(nint)i * step], 1, own);
            Hide(row, key, seen);
        }
    }

    private static void Hide(Span<float> row, int key, int seen)
    {
        row[..key].Clear();
        row[(key + seen)..].Clear();
    }

    /// <summary>results = weights (values + relative values), rows then multiplied with <paramref name="factors"/>.</summary>
    public readonly void Combine(float* results, float* factors)
    {
        nint columns = shape.Columns;
        Product(count, shape.HeadSize, keys, 1, weights, keys, false, Values, RowStride, false, 0, results, columns);
        if (relativeValues != null)
        {
            ByDistance(weights);
            Product(count, shape.HeadSize, distances, 1, byDistance, distances, false, relativeValues + TableStart, shape.HeadSize, false, 1, results, columns);
        }
        for (int i = 0; i < count; i++)
        {
            var row = new Span<float>(results + i * columns, shape.HeadSize);
            // Hidden weights are 0, but 0 times NaN or ∞ is NaN, which only those who see it may get.
            if (float.IsNaN(TensorPrimitives.Sum<float>(row))) CombineSeen(i, row);
            TensorPrimitives.Multiply(row, factors[i], row);
        }
    }

    private readonly void CombineSeen(int i, Span<float> result)
    {
        (int key, int distance, int seen) = Seen(i);
        result.Clear();
        for (int j = 0; j < seen; j++)
        {
            float weight = Row(weights, i)[key + j];
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(Values + (key + j) * RowStride, shape.HeadSize), weight, result, result);
            if (relativeValues != null)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(relativeValues + TableStart + (nint)(distance + j) * shape.HeadSize, shape.HeadSize), weight, result, result);
        }
    }

    /// <summary>Slopes: what the loss gains for each score, after <see cref="WeighAgain"/>.</summary>
    /// <param name="upstream">[queries], this head in rows of all columns; likewise <paramref name="results"/>.</param>
    public readonly void Slope(float* upstream, float* results)
    {
        nint columns = shape.Columns;
        Product(count, keys, shape.HeadSize, 1, upstream, columns, false, Values, RowStride, true, 0, slopes, keys);
        if (relativeValues != null)
        {
            Product(count, distances, shape.HeadSize, 1, upstream, columns, false, relativeValues + TableStart, shape.HeadSize, true, 0, byDistance, distances);
            AddByDistance(slopes);
        }
        for (int i = 0; i < count; i++)
        {
            (int key, _, int seen) = Seen(i);
            Span<float> row = Row(slopes, i), own = row.Slice(key, seen);
            float along = TensorPrimitives.Dot(new ReadOnlySpan<float>(upstream + i * columns, shape.HeadSize), new ReadOnlySpan<float>(results + i * columns, shape.HeadSize));
            TensorPrimitives.Subtract(own, along, own);
            TensorPrimitives.Multiply(own, Row(weights, i).Slice(key, seen), own);
            // Not a product with the hidden weights: a value that is NaN must not reach those who do not see it.
            Hide(row, key, seen);
        }
    }

    /// <summary>Writes the queries' gradients, and adds to the keys' and values'.</summary>
    /// <param name="gradient">As the queries given to <see cref="Start"/>.</param>
    public readonly void AddGradients(float* upstream, float* gradient)
    {
        float* ofQueries = gradient + first * RowStride, ofKeys = gradient + shape.Columns + firstKey * RowStride, ofValues = ofKeys + shape.Columns;
        Product(count, shape.HeadSize, keys, shape.Scale, slopes, keys, false, Keys, RowStride, false, 0, ofQueries, RowStride);
        if (relativeKeys != null)
        {
            ByDistance(slopes);
            Product(count, shape.HeadSize, distances, shape.Scale, byDistance, distances, false, relativeKeys + TableStart, shape.HeadSize, false, 1, ofQueries, RowStride);
        }
        Product(keys, shape.HeadSize, count, shape.Scale, slopes, keys, true, queries + first * RowStride, RowStride, false, 1, ofKeys, RowStride);
        Product(keys, shape.HeadSize, count, 1, weights, keys, true, upstream, shape.Columns, false, 1, ofValues, RowStride);
    }

    /// <summary>Adds to the gradients of the terms; each may be null. Their tables have only the distances that occur.</summary>
    public readonly void AddTermGradients(float* upstream, float* keysGradient, float* valuesGradient, float* headBiasGradient)
    {
        if (keysGradient != null)
        {
            ByDistance(slopes);
            Product(distances, shape.HeadSize, count, shape.Scale, byDistance, distances, true, queries + first * RowStride, RowStride, false, 1, keysGradient + (nint)(band - distances) * shape.HeadSize, shape.HeadSize);
        }
        if (valuesGradient != null)
        {
            ByDistance(weights);
            Product(distances, shape.HeadSize, count, 1, byDistance, distances, true, upstream, shape.Columns, false, 1, valuesGradient + (nint)(band - distances) * shape.HeadSize, shape.HeadSize);
        }
        if (headBiasGradient == null) return;
        for (int i = 0; i < count; i++)
        {
            (int key, int distance, int seen) = Seen(i);
            var sums = new Span<float>(headBiasGradient + (band - distances) + distance, seen);
            TensorPrimitives.Add(sums, Row(slopes, i).Slice(key, seen), sums);
        }
    }

    /// <summary>Copies a block's rows from columns by key to columns by distance, 0 where no key is so far back.</summary>
    private readonly void ByDistance(float* block)
    {
        for (int i = 0; i < count; i++)
        {
            (int key, int distance, int seen) = Seen(i);
            var row = new Span<float>(byDistance + (nint)i * distances, distances);
            row[..distance].Clear();
            Row(block, i).Slice(key, seen).CopyTo(row[distance..]);
        }
    }

    private readonly void AddByDistance(float* block)
    {
        for (int i = 0; i < count; i++)
        {
            (int key, int distance, int seen) = Seen(i);
            Span<float> row = Row(block, i).Slice(key, seen);
            TensorPrimitives.Add(row, new ReadOnlySpan<float>(byDistance + (nint)i * distances + distance, seen), row);
        }
    }

    private readonly Span<float> Row(float* block, int i) => new(block + (nint)i * keys, keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Product(
        int m, int n, int k, float alpha, float* a, nint lda, bool transposeA, float* b, nint ldb, bool transposeB, float beta, float* c, nint ldc)
        => MatrixProduct.Run(m, n, k, alpha, a, lda, transposeA, b, ldb, transposeB, beta, c, ldc, threads: 1);
}

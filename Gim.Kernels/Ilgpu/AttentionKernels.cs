using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// Attention of one head in tiles of 16 queries by 16 keys, a group of 16 x 16 threads each: thread (y, x) makes the score
/// of query y and key x, and then the results of query y in columns x, x + 16, ... The softmax goes along (Milakov and
/// Gimelshein 2018): sums are scaled down when a larger score appears, so no row of scores is kept.
/// </summary>
internal static class AttentionKernels
{
    public const int Tile = 16;

    /// <summary>One more than a row, so that rows read together lie in different memory banks.</summary>
    public const int Pitch = AttentionShape.MaximumHeadSize + 1;

    public const int ScorePitch = Tile + 1;

    [DeviceKernel]
    public static void Forward(
        ArrayView<float> queriesKeysValues, ArrayView<float> relativeKeys, ArrayView<float> relativeValues, ArrayView<float> bias, AttentionSizes sizes,
        ArrayView<float> destination, ArrayView<float> logSumExp)
    {
        ArrayView<float> queries = SharedMemory.Allocate<float>(Tile * Pitch);
        ArrayView<float> others = SharedMemory.Allocate<float>(Tile * Pitch);
        ArrayView<float> scores = SharedMemory.Allocate<float>(Tile * ScorePitch);
        int thread = Group.IdxX, x = thread % Tile, y = thread / Tile;
        int tiles = (sizes.Queries + Tile - 1) / Tile;
        int head = Grid.IdxX / tiles % sizes.Heads, sequence = Grid.IdxX / tiles / sizes.Heads;
        int first = sizes.FirstQuery + Grid.IdxX % tiles * Tile, query = first + y, last = first + Tile - 1;
        if (last > sizes.Length - 1) last = sizes.Length - 1;
        int stride = 3 * sizes.Columns, start = sequence * sizes.Length * stride + head * sizes.HeadSize;
        Load(queriesKeysValues, start, stride, first, sizes, queries);

        float largest = float.NegativeInfinity, sum = 0;
        Sums8 results = default;
        for (int firstKey = FirstKey(first, sizes); firstKey <= last; firstKey += Tile)
        {
            Load(queriesKeysValues, start + sizes.Columns, stride, firstKey, sizes, others);
            Group.Barrier();
            int key = firstKey + x, distance = query - key;
            float score = float.NegativeInfinity;
            if (query < sizes.Length && distance >= 0 && distance < sizes.Window)
                score = Score(queries, y, others, x, relativeKeys, bias, head, distance, sizes);
            scores[y * ScorePitch + x] = score;
            Group.Barrier();
            float before = largest;
            for (int k = 0; k < Tile; k++)
            {
                float other = scores[y * ScorePitch + k];
                if (other > largest) largest = other;
            }
            // Where all scores so far are -∞ there is nothing to scale by.
            float origin = largest == float.NegativeInfinity ? 0 : largest;
            float weight = XMath.Exp(score - origin), shrink = XMath.Exp(before - origin);
            Group.Barrier();
            scores[y * ScorePitch + x] = weight;
            Load(queriesKeysValues, start + 2 * sizes.Columns, stride, firstKey, sizes, others);
            Group.Barrier();
            sum *= shrink;
            results.Scale(shrink);
            for (int k = 0; k < Tile; k++)
            {
                weight = scores[y * ScorePitch + k];
                distance = query - firstKey - k;
                // Not a product with weight 0: a value that is NaN must not reach those who do not see it.
                if (query >= sizes.Length || distance < 0 || distance >= sizes.Window) continue;
                sum += weight;
                AddRow(ref results, weight, others, k, x, relativeValues, sizes.HasValues, distance, sizes);
            }
            Group.Barrier();
        }
        if (query >= sizes.Length) return;
        int row = sequence * sizes.Queries + query - sizes.FirstQuery;
        results.Scale(1 / sum);
        Store(results, destination, row * sizes.Columns + head * sizes.HeadSize, x, sizes.HeadSize);
        if (x == 0) logSumExp[row * sizes.Heads + head] = sum == 0 ? float.NaN : largest + XMath.Log(sum);
    }

    /// <summary>along = upstream · result for every head of every row: D of the backward operation.</summary>
    [DeviceKernel]
    public static void Along(ArrayView<float> upstream, ArrayView<float> result, int headSize, ArrayView<float> along)
    {
        int i = KernelGroups.Element();
        if (i >= along.IntLength) return;
        float sum = 0;
        for (int c = 0; c < headSize; c++)
            sum += upstream[i * headSize + c] * result[i * headSize + c];
        along[i] = sum;
    }

    /// <summary>The first key that any query of the tile sees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int FirstKey(int firstQuery, AttentionSizes sizes)
    {
        int first = firstQuery - sizes.Window + 1;
        return first > 0 ? first : 0;
    }

    /// <summary>Brings 16 rows of one head to shared memory; zeros beyond the sequence.</summary>
    /// <param name="start">Where the head's columns begin in the sequence's first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Load(ArrayView<float> source, int start, int stride, int firstRow, AttentionSizes sizes, ArrayView<float> tile)
    {
        for (int i = Group.IdxX; i < Tile * sizes.HeadSize; i += KernelGroups.ElementThreads)
        {
            int row = i / sizes.HeadSize, column = i % sizes.HeadSize;
            float value = 0;
            if (firstRow + row < sizes.Length)
                value = source[start + (firstRow + row) * stride + column];
            tile[row * Pitch + column] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Score(
        ArrayView<float> queries, int query, ArrayView<float> keys, int key, ArrayView<float> relativeKeys, ArrayView<float> bias,
        int head, int distance, AttentionSizes sizes)
    {
        float sum = Dot(queries, query, keys, key, sizes.HeadSize);
        int u = sizes.Window - 1 - distance;
        if (sizes.HasKeys != 0)
        {
            for (int c = 0; c < sizes.HeadSize; c++)
                sum += queries[query * Pitch + c] * relativeKeys[u * sizes.HeadSize + c];
        }
        sum *= sizes.Scale;
        return sizes.HasBias != 0 ? sum + bias[head * sizes.Window + u] : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot(ArrayView<float> a, int rowOfA, ArrayView<float> b, int rowOfB, int columns)
    {
        float sum = 0;
        for (int c = 0; c < columns; c++)
            sum += a[rowOfA * Pitch + c] * b[rowOfB * Pitch + c];
        return sum;
    }

    /// <summary>Adds weight times a row, and times its row of a relative term, in this thread's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddRow(
        ref Sums8 sums, float weight, ArrayView<float> rows, int row, int x, ArrayView<float> relative, int hasRelative, int distance, AttentionSizes sizes)
    {
        sums.Add(weight, rows, row * Pitch + x, sizes.HeadSize - x);
        if (hasRelative != 0)
            sums.Add(weight, relative, (sizes.Window - 1 - distance) * sizes.HeadSize + x, sizes.HeadSize - x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Sums8 sums, ArrayView<float> destination, int start, int x, int headSize)
    {
        if (x < headSize) destination[start + x] = sums.S0;
        if (x + Tile < headSize) destination[start + x + Tile] = sums.S1;
        if (x + 2 * Tile < headSize) destination[start + x + 2 * Tile] = sums.S2;
        if (x + 3 * Tile < headSize) destination[start + x + 3 * Tile] = sums.S3;
        if (x + 4 * Tile < headSize) destination[start + x + 4 * Tile] = sums.S4;
        if (x + 5 * Tile < headSize) destination[start + x + 5 * Tile] = sums.S5;
        if (x + 6 * Tile < headSize) destination[start + x + 6 * Tile] = sums.S6;
        if (x + 7 * Tile < headSize) destination[start + x + 7 * Tile] = sums.S7;
    }
}

/// <summary>A thread's sums in columns 16 apart, as a structure because ILGPU keeps those in registers.</summary>
internal struct Sums8
{
    public float S0, S1, S2, S3, S4, S5, S6, S7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Scale(float factor)
    {
        S0 *= factor;
        S1 *= factor;
        S2 *= factor;
        S3 *= factor;
        S4 *= factor;
        S5 *= factor;
        S6 *= factor;
        S7 *= factor;
    }

    /// <param name="at">This thread's first column in the row.</param>
    /// <param name="left">Columns from there to the row's end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float weight, ArrayView<float> values, int at, int left)
    {
        const int step = AttentionKernels.Tile;
        if (left > 0) S0 += weight * values[at];
        if (left > step) S1 += weight * values[at + step];
        if (left > 2 * step) S2 += weight * values[at + 2 * step];
        if (left > 3 * step) S3 += weight * values[at + 3 * step];
        if (left > 4 * step) S4 += weight * values[at + 4 * step];
        if (left > 5 * step) S5 += weight * values[at + 5 * step];
        if (left > 6 * step) S6 += weight * values[at + 6 * step];
        if (left > 7 * step) S7 += weight * values[at + 7 * step];
    }
}

using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// The gradients of attention, in the tiles of <see cref="AttentionKernels"/>. Weights are made again from the forward
/// operation's logarithms of sums. Queries sum over keys, keys over queries: two kernels, so that no sum needs atomics.
/// </summary>
internal static class AttentionBackwardKernels
{
    [DeviceKernel]
    public static void Queries(
        ArrayView<float> queriesKeysValues, ArrayView<float> relativeKeys, ArrayView<float> relativeValues, ArrayView<float> bias, AttentionSizes sizes,
        ArrayView<float> logSumExp, ArrayView<float> along, ArrayView<float> upstream, ArrayView<float> gradient)
    {
        ArrayView<float> queries = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> upstreams = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> keys = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> values = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> slopes = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.ScorePitch);
        int thread = Group.IdxX, x = thread % AttentionKernels.Tile, y = thread / AttentionKernels.Tile;
        int tiles = (sizes.Length + AttentionKernels.Tile - 1) / AttentionKernels.Tile;
        int head = Grid.IdxX / tiles % sizes.Heads, sequence = Grid.IdxX / tiles / sizes.Heads;
        int first = Grid.IdxX % tiles * AttentionKernels.Tile, query = first + y, last = first + AttentionKernels.Tile - 1;
        if (last > sizes.Length - 1) last = sizes.Length - 1;
        int stride = 3 * sizes.Columns, start = sequence * sizes.Length * stride + head * sizes.HeadSize;
        AttentionKernels.Load(queriesKeysValues, start, stride, first, sizes, queries);
        AttentionKernels.Load(upstream, sequence * sizes.Length * sizes.Columns + head * sizes.HeadSize, sizes.Columns, first, sizes, upstreams);

        Sums8 sums = default;
        for (int firstKey = AttentionKernels.FirstKey(first, sizes); firstKey <= last; firstKey += AttentionKernels.Tile)
        {
            AttentionKernels.Load(queriesKeysValues, start + sizes.Columns, stride, firstKey, sizes, keys);
            AttentionKernels.Load(queriesKeysValues, start + 2 * sizes.Columns, stride, firstKey, sizes, values);
            Group.Barrier();
            int distance = query - firstKey - x;
            float slope = 0;
            if (query < sizes.Length && distance >= 0 && distance < sizes.Window)
            {
                int row = (sequence * sizes.Length + query) * sizes.Heads + head;
                float weight = XMath.Exp(AttentionKernels.Score(queries, y, keys, x, relativeKeys, bias, head, distance, sizes) - logSumExp[row]);
                slope = weight * (Gain(upstreams, y, values, x, relativeValues, distance, sizes) - along[row]);
            }
            slopes[y * AttentionKernels.ScorePitch + x] = slope;
            Group.Barrier();
            for (int k = 0; k < AttentionKernels.Tile; k++)
            {
                distance = query - firstKey - k;
                if (query < sizes.Length && distance >= 0 && distance < sizes.Window)
                    AttentionKernels.AddRow(ref sums, slopes[y * AttentionKernels.ScorePitch + k], keys, k, x, relativeKeys, sizes.HasKeys, distance, sizes);
            }
            Group.Barrier();
        }
        if (query >= sizes.Length) return;
        sums.Scale(sizes.Scale);
        AttentionKernels.Store(sums, gradient, start + query * stride, x, sizes.HeadSize);
    }

    /// <summary>Thread (y, x) takes key y and query x, then columns x, x + 16, ... of key y's gradients.</summary>
    [DeviceKernel]
    public static void KeysAndValues(
        ArrayView<float> queriesKeysValues, ArrayView<float> relativeKeys, ArrayView<float> relativeValues, ArrayView<float> bias, AttentionSizes sizes,
        ArrayView<float> logSumExp, ArrayView<float> along, ArrayView<float> upstream, ArrayView<float> gradient)
    {
        ArrayView<float> keys = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> values = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> queries = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> upstreams = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.Pitch);
        ArrayView<float> weights = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.ScorePitch);
        ArrayView<float> slopes = SharedMemory.Allocate<float>(AttentionKernels.Tile * AttentionKernels.ScorePitch);
        int thread = Group.IdxX, x = thread % AttentionKernels.Tile, y = thread / AttentionKernels.Tile;
        int tiles = (sizes.Length + AttentionKernels.Tile - 1) / AttentionKernels.Tile;
        int head = Grid.IdxX / tiles % sizes.Heads, sequence = Grid.IdxX / tiles / sizes.Heads;
        int first = Grid.IdxX % tiles * AttentionKernels.Tile, key = first + y;
        // The last query that sees the tile's last key; a window may reach beyond 32 bits.
        int last = sizes.Window > sizes.Length - first - AttentionKernels.Tile ? sizes.Length - 1 : first + AttentionKernels.Tile - 1 + sizes.Window - 1;
        if (last > sizes.Length - 1) last = sizes.Length - 1;
        int stride = 3 * sizes.Columns, start = sequence * sizes.Length * stride + head * sizes.HeadSize;
        AttentionKernels.Load(queriesKeysValues, start + sizes.Columns, stride, first, sizes, keys);
        AttentionKernels.Load(queriesKeysValues, start + 2 * sizes.Columns, stride, first, sizes, values);

        Sums8 ofKey = default, ofValue = default;
        for (int firstQuery = first; firstQuery <= last; firstQuery += AttentionKernels.Tile)
        {
            AttentionKernels.Load(queriesKeysValues, start, stride, firstQuery, sizes, queries);
            AttentionKernels.Load(upstream, sequence * sizes.Length * sizes.Columns + head * sizes.HeadSize, sizes.Columns, firstQuery, sizes, upstreams);
            Group.Barrier();
            int query = firstQuery + x, distance = query - key;
            float weight = 0, slope = 0;
            if (query < sizes.Length && distance >= 0 && distance < sizes.Window)
            {
                int row = (sequence * sizes.Length + query) * sizes.Heads + head;
                weight = XMath.Exp(AttentionKernels.Score(queries, x, keys, y, relativeKeys, bias, head, distance, sizes) - logSumExp[row]);
                slope = weight * (Gain(upstreams, x, values, y, relativeValues, distance, sizes) - along[row]);
            }
            weights[y * AttentionKernels.ScorePitch + x] = weight;
            slopes[y * AttentionKernels.ScorePitch + x] = slope;
            Group.Barrier();
            for (int q = 0; q < AttentionKernels.Tile; q++)
            {
                distance = firstQuery + q - key;
                if (firstQuery + q >= sizes.Length || distance < 0 || distance >= sizes.Window) continue;
                ofKey.Add(slopes[y * AttentionKernels.ScorePitch + q], queries, q * AttentionKernels.Pitch + x, sizes.HeadSize - x);
                ofValue.Add(weights[y * AttentionKernels.ScorePitch + q], upstreams, q * AttentionKernels.Pitch + x, sizes.HeadSize - x);
            }
            Group.Barrier();
        }
        if (key >= sizes.Length) return;
        ofKey.Scale(sizes.Scale);
        AttentionKernels.Store(ofKey, gradient, start + key * stride + sizes.Columns, x, sizes.HeadSize);
        AttentionKernels.Store(ofValue, gradient, start + key * stride + 2 * sizes.Columns, x, sizes.HeadSize);
    }

    /// <summary>Weights and slopes [positions, heads, window] of a part of the positions; 0 where no key is so far back.</summary>
    [DeviceKernel]
    public static void ByDistance(
        ArrayView<float> queriesKeysValues, ArrayView<float> relativeKeys, ArrayView<float> relativeValues, ArrayView<float> bias, AttentionSizes sizes,
        AttentionForward forward, ArrayView<float> weights, ArrayView<float> slopes)
    {
        int i = KernelGroups.Element();
        if (i >= weights.IntLength) return;
        int u = i % sizes.Window, head = i / sizes.Window % sizes.Heads, position = sizes.FirstPosition + i / sizes.Window / sizes.Heads;
        int distance = sizes.Window - 1 - u;
        float weight = 0, slope = 0;
        if (position % sizes.Length >= distance)
        {
            int query = position * 3 * sizes.Columns + head * sizes.HeadSize, key = query + sizes.Columns - distance * 3 * sizes.Columns;
            int up = position * sizes.Columns + head * sizes.HeadSize;
            float score = 0, gain = 0;
            for (int c = 0; c < sizes.HeadSize; c++)
            {
                float ofKey = queriesKeysValues[key + c], ofValue = queriesKeysValues[key + sizes.Columns + c];
                if (sizes.HasKeys != 0) ofKey += relativeKeys[u * sizes.HeadSize + c];
                if (sizes.HasValues != 0) ofValue += relativeValues[u * sizes.HeadSize + c];
                score += queriesKeysValues[query + c] * ofKey;
                gain += forward.Upstream[up + c] * ofValue;
            }
            score *= sizes.Scale;
            if (sizes.HasBias != 0) score += bias[head * sizes.Window + u];
            weight = XMath.Exp(score - forward.LogSumExp[position * sizes.Heads + head]);
            slope = weight * (gain - forward.Along[position * sizes.Heads + head]);
        }
        weights[i] = weight;
        slopes[i] = slope;
    }

    /// <summary>The queries of positions from the first one on, without the keys and values between them.</summary>
    [DeviceKernel]
    public static void CopyQueries(ArrayView<float> queriesKeysValues, int firstPosition, int columns, ArrayView<float> queries)
    {
        int i = KernelGroups.Element();
        if (i < queries.IntLength)
            queries[i] = queriesKeysValues[(firstPosition + i / columns) * 3 * columns + i % columns];
    }

    /// <summary>upstream · (value + relative value).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Gain(
        ArrayView<float> upstreams, int query, ArrayView<float> values, int key, ArrayView<float> relativeValues, int distance, AttentionSizes sizes)
    {
        float sum = AttentionKernels.Dot(upstreams, query, values, key, sizes.HeadSize);
        if (sizes.HasValues != 0)
        {
            for (int c = 0; c < sizes.HeadSize; c++)
                sum += upstreams[query * AttentionKernels.Pitch + c] * relativeValues[(sizes.Window - 1 - distance) * sizes.HeadSize + c];
        }
        return sum;
    }
}

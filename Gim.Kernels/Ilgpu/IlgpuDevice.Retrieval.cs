using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>Queries of a tile: with every sequence of a batch, enough groups of threads for a GPU.</summary>
    private const int RetrievalQueries = 256;

    private protected override void RetrievalLikelihoodCore(
        DeviceView<float> embeddings, DeviceView<int> nextTokens, RetrievalShape shape, DeviceView<float> inverseTemperature, float scale,
        DeviceView<float> losses, DeviceView<float> gradient, DeviceView<float> inverseTemperatureGradient, bool wanted)
    {
        (int sequences, int length, int columns, int firstQuery) = shape;
        int stride = length * columns, tile = Math.Min(RetrievalQueries, length);
        // Views of matrices that lie a sequence apart, from a row of the first one on.
        DeviceView<float> Rows(DeviceView<float> matrix, int first, int count) => matrix.Slice(first * columns, (sequences - 1) * stride + count * columns);

        using DeviceBuffer<float> slopes = AllocateFloats(CountOf(sequences, tile, length)), sums = AllocateFloats(wanted ? sequences * tile * columns : 0);
        using DeviceBuffer<float> temperatureSlopes = AllocateFloats(wanted ? sequences * length : 0);
        if (wanted) ClearCore(gradient);
        for (int first = 0; first < length; first += tile)
        {
            int count = Math.Min(tile, length - first), keys = first + count;
            DeviceView<float> pairs = slopes.Slice(0, sequences * count * keys);
            var cosines = new ProductShape(count, keys, columns) { TransposeB = true };
            if (columns > 0) MultiplyBatchCore(Rows(embeddings, first, count), Rows(embeddings, 0, keys), new ProductBatch(sequences, cosines, stride, stride, count * keys), pairs);
            kernels.Launch(
                RetrievalKernels.Slopes, sequences * count, KernelGroups.RowThreads,
                View(nextTokens), View(inverseTemperature), new RetrievalTile(length, first, count, firstQuery, scale), View(pairs), View(losses));
            if (!wanted || columns == 0) continue;
            DeviceView<float> products = sums.Slice(0, sequences * count * columns);
            MultiplyBatchCore(
                pairs, Rows(embeddings, 0, keys), new ProductBatch(sequences, new ProductShape(count, columns, keys), count * keys, stride, count * columns), products);
            MultiplyBatchCore(
                pairs, Rows(embeddings, first, count),
                new ProductBatch(sequences, new ProductShape(keys, columns, count) { TransposeA = true, Beta = 1 }, count * keys, stride, stride),
                Rows(gradient, 0, keys));
            kernels.Launch(
                RetrievalKernels.AddQueries, sequences * count, KernelGroups.RowThreads,
                View(products), View(embeddings), new RetrievalTile(length, first, count, firstQuery, scale), columns, View(gradient), View<float>(temperatureSlopes));
        }
        if (!wanted) return;
        if (gradient.Length > 0)
            kernels.Launch(RetrievalKernels.ScaleBy, KernelGroups.For(gradient.Length), KernelGroups.ElementThreads, View(inverseTemperature), View(gradient));
        kernels.Launch(RetrievalKernels.AddSum, 1, KernelGroups.RowThreads, View<float>(temperatureSlopes), View(inverseTemperatureGradient));
    }

    /// <exception cref="DeviceMemoryException">No buffer holds so many values.</exception>
    private int CountOf(int first, int second, int third)
    {
        long count = (long)first * second * third;
        return count <= MaximumLength
            ? (int)count
            : throw new DeviceMemoryException($"{Description.Choice}: {count:N0} values between steps are more than a buffer holds; use fewer or shorter sequences at a time");
    }
}

/// <summary>A tile of queries in each sequence.</summary>
internal readonly struct RetrievalTile(int length, int first, int count, int firstQuery, float scale)
{
    public readonly int Length = length, First = first, Count = count, FirstQuery = firstQuery;
    public readonly float Scale = scale;
}

internal static class RetrievalKernels
{
    /// <summary>
    /// A query's cosines become what the loss gains for each of them, less the factor β; a group a query. Of the keys in
    /// the tile, those from the query on get 0.
    /// </summary>
    [DeviceKernel]
    public static void Slopes(ArrayView<int> nextTokens, ArrayView<float> inverseTemperature, RetrievalTile tile, ArrayView<float> pairs, ArrayView<float> losses)
    {
        int row = Grid.IdxX, keys = tile.First + tile.Count, start = row * keys;
        int position = tile.First + row % tile.Count, sequence = row / tile.Count * tile.Length;
        int next = nextTokens[sequence + position];
        float beta = inverseTemperature[0], matches = 0, largest = float.NegativeInfinity, largestMatch = float.NegativeInfinity;
        for (int key = Group.IdxX; key < position; key += KernelGroups.RowThreads)
        {
            float cosine = pairs[start + key];
            if (cosine > largest) largest = cosine;
            if (nextTokens[sequence + key] != next) continue;
            matches = 1;
            if (cosine > largestMatch) largestMatch = cosine;
        }
        bool asked = KernelGroups.RowMax(matches) > 0 && position >= tile.FirstQuery;
        largest = KernelGroups.RowMax(largest);
        largestMatch = KernelGroups.RowMax(largestMatch);
        float sum = 0, sumMatch = 0;
        for (int key = Group.IdxX; key < position; key += KernelGroups.RowThreads)
        {
            float cosine = pairs[start + key];
            sum += XMath.Exp(beta * (cosine - largest));
            if (nextTokens[sequence + key] == next)
                sumMatch += XMath.Exp(beta * (cosine - largestMatch));
        }
        sum = KernelGroups.RowSum(sum);
        sumMatch = KernelGroups.RowSum(sumMatch);
        for (int key = Group.IdxX; key < keys; key += KernelGroups.RowThreads)
        {
            float slope = 0;
            if (asked && key < position)
            {
                float cosine = pairs[start + key];
                slope = XMath.Exp(beta * (cosine - largest)) / sum;
                if (nextTokens[sequence + key] == next)
                    slope -= XMath.Exp(beta * (cosine - largestMatch)) / sumMatch;
                slope *= tile.Scale;
            }
            pairs[start + key] = slope;
        }
        if (Group.IdxX != 0) return;
        float loss = asked ? beta * (largest - largestMatch) + XMath.Log(sum) - XMath.Log(sumMatch) : 0;
        losses[sequence + position] = loss < 0 ? 0 : loss;
    }

    /// <summary>Adds what queries gain to the gradient, and keeps each query's product with it: what β gains.</summary>
    [DeviceKernel]
    public static void AddQueries(
        ArrayView<float> products, ArrayView<float> embeddings, RetrievalTile tile, int columns, ArrayView<float> gradient, ArrayView<float> temperatureSlopes)
    {
        int row = Grid.IdxX, position = row / tile.Count * tile.Length + tile.First + row % tile.Count;
        float along = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float product = products[row * columns + c];
            along += product * embeddings[position * columns + c];
            gradient[position * columns + c] += product;
        }
        along = KernelGroups.RowSum(along);
        if (Group.IdxX == 0) temperatureSlopes[position] = along;
    }

    [DeviceKernel]
    public static void ScaleBy(ArrayView<float> factor, ArrayView<float> values)
    {
        int i = KernelGroups.Element();
        if (i < values.IntLength) values[i] *= factor[0];
    }

    /// <summary>One group: destination_0 += the sum of all values.</summary>
    [DeviceKernel]
    public static void AddSum(ArrayView<float> values, ArrayView<float> destination)
    {
        float sum = 0;
        for (int i = Group.IdxX; i < values.IntLength; i += KernelGroups.RowThreads)
            sum += values[i];
        sum = KernelGroups.RowSum(sum);
        if (Group.IdxX == 0) destination[0] += sum;
    }
}

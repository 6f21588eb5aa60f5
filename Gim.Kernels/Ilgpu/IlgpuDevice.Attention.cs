using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>The most values of weights by distance that the gradients of the terms keep at a time.</summary>
    private const int AttentionWeights = 1 << 24;

    private protected override void AttentionCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> destination, DeviceView<float> logSumExp)
    {
        var sizes = new AttentionSizes(shape, terms);
        kernels.Launch(
            AttentionKernels.Forward, AttentionTiles(shape), KernelGroups.ElementThreads,
            View(queriesKeysValues), Optional(terms.RelativeKeys, queriesKeysValues), Optional(terms.RelativeValues, queriesKeysValues),
            Optional(terms.Bias, queriesKeysValues), sizes, View(destination), View(logSumExp));
    }

    private protected override void AttentionBackwardCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> result, DeviceView<float> logSumExp,
        DeviceView<float> upstream, DeviceView<float> gradient, AttentionTerms termGradients)
    {
        var sizes = new AttentionSizes(shape, terms);
        int rows = shape.Sequences * shape.Length * shape.Heads;
        ArrayView<float> keys = Optional(terms.RelativeKeys, queriesKeysValues), values = Optional(terms.RelativeValues, queriesKeysValues), bias = Optional(terms.Bias, queriesKeysValues);
        using DeviceBuffer<float> along = AllocateFloats(rows);
        kernels.Launch(
            AttentionKernels.Along, KernelGroups.For(rows), KernelGroups.ElementThreads, View(upstream), View(result), shape.HeadSize, View<float>(along));
        kernels.Launch(
            AttentionBackwardKernels.Queries, AttentionTiles(shape), KernelGroups.ElementThreads,
            View(queriesKeysValues), keys, values, bias, sizes, View(logSumExp), View<float>(along), View(upstream), View(gradient));
        kernels.Launch(
            AttentionBackwardKernels.KeysAndValues, AttentionTiles(shape), KernelGroups.ElementThreads,
            View(queriesKeysValues), keys, values, bias, sizes, View(logSumExp), View<float>(along), View(upstream), View(gradient));
        if (termGradients.HasKeys || termGradients.HasValues || termGradients.HasBias)
            AddTermGradients(queriesKeysValues, shape, sizes, (keys, values, bias), logSumExp, along, upstream, termGradients);
    }

    /// <summary>
    /// Weights and slopes by distance, for as many positions at a time as a block of memory holds; the gradients are
    /// products of them with queries and upstream gradients, and sums.
    /// </summary>
    private void AddTermGradients(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionSizes sizes,
        (ArrayView<float> Keys, ArrayView<float> Values, ArrayView<float> Bias) terms, DeviceView<float> logSumExp, DeviceBuffer<float> along,
        DeviceView<float> upstream, AttentionTerms termGradients)
    {
        int positions = shape.Sequences * shape.Length, each = CountOf(1, shape.Heads, shape.Distances);
        int atATime = Math.Clamp(AttentionWeights / each, 1, positions);
        using DeviceBuffer<float> weights = AllocateFloats(CountOf(atATime, shape.Heads, shape.Distances)), slopes = AllocateFloats(CountOf(atATime, shape.Heads, shape.Distances));
        using DeviceBuffer<float> queries = AllocateFloats(termGradients.HasKeys ? atATime * shape.Columns : 0);
        for (int first = 0; first < positions; first += atATime)
        {
            int count = Math.Min(atATime, positions - first);
            DeviceView<float> someWeights = weights.Slice(0, count * each), someSlopes = slopes.Slice(0, count * each);
            kernels.Launch(
                AttentionBackwardKernels.ByDistance, KernelGroups.For(count * each), KernelGroups.ElementThreads,
                View(queriesKeysValues), terms.Keys, terms.Values, terms.Bias, sizes.At(first), new AttentionForward(View(logSumExp), View<float>(along), View(upstream)),
                View(someWeights), View(someSlopes));
            if (termGradients.HasBias) SumRowsCore(someSlopes, count, each, termGradients.Bias);
            if (termGradients.HasKeys)
            {
                DeviceView<float> some = queries.Slice(0, count * shape.Columns);
                kernels.Launch(
                    AttentionBackwardKernels.CopyQueries, KernelGroups.For(some.Length), KernelGroups.ElementThreads, View(queriesKeysValues), first, shape.Columns, View(some));
                AddProducts(someSlopes, some, count * shape.Heads, shape, shape.Scale, termGradients.RelativeKeys);
            }
            if (termGradients.HasValues)
                AddProducts(someWeights, upstream.Slice(first * shape.Columns, count * shape.Columns), count * shape.Heads, shape, 1, termGradients.RelativeValues);
        }
    }

    /// <summary>
    /// destination += factor weights^T rows, cut into parts of the sum over rows: there are too few results for a GPU, and
    /// too many rows for one group of threads.
    /// </summary>
    /// <param name="weights">[count, distances]</param>
    /// <param name="rows">[count, headSize]</param>
    private void AddProducts(DeviceView<float> weights, DeviceView<float> rows, int count, AttentionShape shape, float factor, DeviceView<float> destination)
    {
        const int rowsEach = 512;
        int distances = shape.Distances, size = shape.HeadSize, parts = (count + rowsEach - 1) / rowsEach, whole = count / rowsEach;
        using DeviceBuffer<float> partial = AllocateFloats(CountOf(parts, distances, size));
        var product = new ProductShape(distances, size, rowsEach) { TransposeA = true, Alpha = factor };
        if (whole > 0)
        {
            MultiplyBatchCore(
                weights.Slice(0, whole * rowsEach * distances), rows.Slice(0, whole * rowsEach * size), ProductBatch.Contiguous(whole, product),
                partial.Slice(0, whole * distances * size));
        }
        if (whole < parts)
        {
            int from = whole * rowsEach;
            MultiplyCore(
                weights.Slice(from * distances, (count - from) * distances), rows.Slice(from * size, (count - from) * size),
                product with { K = count - from }, partial.Slice(whole * distances * size, distances * size), default, hasBias: false);
        }
        SumRowsCore(partial, parts, distances * size, destination);
    }

    /// <summary>Groups of the kernels that take a tile of positions of one head in one sequence.</summary>
    private static int AttentionTiles(AttentionShape shape)
        => shape.Sequences * shape.Heads * ((shape.Queries + AttentionKernels.Tile - 1) / AttentionKernels.Tile);

    /// <summary>A kernel always takes a view; where there is none it gets another one and leaves it alone.</summary>
    private static ArrayView<float> Optional(DeviceView<float> view, DeviceView<float> instead) => View(view.Buffer is null ? instead : view);
}

/// <summary><see cref="AttentionShape"/> as a kernel can take it.</summary>
internal readonly struct AttentionSizes(AttentionShape shape, AttentionTerms terms)
{
    public readonly int Length = shape.Length, Heads = shape.Heads, HeadSize = shape.HeadSize, Window = shape.Distances, FirstQuery = shape.FirstQuery;
    public readonly int Columns = shape.Columns, Queries = shape.Queries;
    public readonly int HasKeys = terms.HasKeys ? 1 : 0, HasValues = terms.HasValues ? 1 : 0, HasBias = terms.HasBias ? 1 : 0;
    public readonly float Scale = shape.Scale;

    /// <summary>The first position, counted through all sequences, of a part.</summary>
    public int FirstPosition { get; private init; }

    public AttentionSizes At(int firstPosition) => this with { FirstPosition = firstPosition };
}

/// <summary>What the forward operation left, and the upstream gradient.</summary>
internal readonly struct AttentionForward(ArrayView<float> logSumExp, ArrayView<float> along, ArrayView<float> upstream)
{
    public readonly ArrayView<float> LogSumExp = logSumExp, Along = along, Upstream = upstream;
}

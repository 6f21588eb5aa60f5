using System.Buffers;
using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override unsafe void AttentionCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> destination, DeviceView<float> logSumExp)
    {
        int blocks = (shape.Queries + AttentionBlock.Queries - 1) / AttentionBlock.Queries;
        var work = new AttentionWork(
            shape, Values(queriesKeysValues).First, Values(terms.RelativeKeys).First, Values(terms.RelativeValues).First, Values(terms.Bias).First,
            blocks, Values(destination).First, Values(logSumExp).First);
        Divide(shape.Sequences * shape.Heads * blocks, WorthOfBlock(shape, products: 2), work);
    }

    private protected override unsafe void AttentionBackwardCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> result, DeviceView<float> logSumExp,
        DeviceView<float> upstream, DeviceView<float> gradient, AttentionTerms termGradients)
    {
        Span(gradient).Clear();
        // Every head of every sequence sums its own gradients of the terms, for the distances that occur; they are then
        // added in order.
        int band = Math.Min(shape.Distances, shape.Length), table = band * shape.HeadSize, items = shape.Sequences * shape.Heads;
        int keys = termGradients.HasKeys ? table : 0, values = termGradients.HasValues ? table : 0, bias = termGradients.HasBias ? band : 0;
        int partial = keys + values + bias;
        float[] rented = ArrayPool<float>.Shared.Rent(items * partial);
        rented.AsSpan(0, items * partial).Clear();
        fixed (float* partials = rented)
        {
            var work = new AttentionBackwardWork(
                shape, Values(queriesKeysValues).First, Values(terms.RelativeKeys).First, Values(terms.RelativeValues).First, Values(terms.Bias).First,
                Values(result).First, Values(logSumExp).First, Values(upstream).First, Values(gradient).First, partials, keys, values, bias);
            int blocks = (shape.Length + AttentionBlock.Queries - 1) / AttentionBlock.Queries;
            Divide(items, blocks * WorthOfBlock(shape, products: 6), work);
        }
        for (int item = 0; item < items; item++)
        {
            ReadOnlySpan<float> own = rented.AsSpan(item * partial, partial);
            int head = item % shape.Heads;
            AddTo(Span(termGradients.RelativeKeys), own[..keys]);
            AddTo(Span(termGradients.RelativeValues), own.Slice(keys, values));
            AddTo(bias == 0 ? [] : Span(termGradients.Bias).Slice(head * shape.Distances, shape.Distances), own[(keys + values)..]);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Adds to the end of a table, where the short distances are.</summary>
    private static void AddTo(Span<float> table, ReadOnlySpan<float> values)
    {
        Span<float> end = table[(table.Length - values.Length)..];
        TensorPrimitives.Add(end, values, end);
    }

    /// <summary>Multiply-adds of a block's products, at 16 to a value that an elementwise operation touches.</summary>
    private static long WorthOfBlock(AttentionShape shape, int products)
        => products * (long)AttentionBlock.Queries * Math.Min(shape.Length, (long)shape.Distances + AttentionBlock.Queries) * shape.HeadSize / 16 + 1;

    /// <summary>An item is a block of queries of one head in one sequence.</summary>
    private readonly unsafe struct AttentionWork(
        AttentionShape shape, float* queriesKeysValues, float* relativeKeys, float* relativeValues, float* bias, int blocks,
        float* destination, float* logSumExp) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            float* inverseSums = stackalloc float[AttentionBlock.Queries];
            for (int item = start; item < end; item++)
            {
                int sequence = item / blocks / shape.Heads, head = item / blocks % shape.Heads;
                int first = shape.FirstQuery + item % blocks * AttentionBlock.Queries;
                var block = new AttentionBlock(shape, relativeKeys, relativeValues, bias == null ? null : bias + (nint)head * shape.Distances, forGradient: false);
                nint row = (nint)sequence * shape.Queries + first - shape.FirstQuery;
                block.Start(
                    queriesKeysValues + (nint)sequence * shape.Length * 3 * shape.Columns + head * shape.HeadSize,
                    first, Math.Min(shape.Length, first + AttentionBlock.Queries));
                block.Weigh(logSumExp + row * shape.Heads + head, shape.Heads, inverseSums);
                block.Combine(destination + row * shape.Columns + head * shape.HeadSize, inverseSums);
            }
        }
    }

    /// <summary>An item is one head in one sequence: its keys' gradients are sums over all its queries.</summary>
    private readonly unsafe struct AttentionBackwardWork(
        AttentionShape shape, float* queriesKeysValues, float* relativeKeys, float* relativeValues, float* bias,
        float* result, float* logSumExp, float* upstream, float* gradient, float* partials, int keys, int values, int biases) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int sequence = item / shape.Heads, head = item % shape.Heads;
                float* partial = partials + (nint)item * (keys + values + biases);
                var block = new AttentionBlock(shape, relativeKeys, relativeValues, bias == null ? null : bias + (nint)head * shape.Distances, forGradient: true);
                nint inside = (nint)sequence * shape.Length * 3 * shape.Columns + head * shape.HeadSize;
                for (int first = 0; first < shape.Length; first += AttentionBlock.Queries)
                {
                    nint row = (nint)sequence * shape.Length + first, at = row * shape.Columns + head * shape.HeadSize;
                    block.Start(queriesKeysValues + inside, first, Math.Min(shape.Length, first + AttentionBlock.Queries));
                    block.WeighAgain(logSumExp + row * shape.Heads + head, shape.Heads);
                    block.Slope(upstream + at, result + at);
                    block.AddGradients(upstream + at, gradient + inside);
                    block.AddTermGradients(
                        upstream + at, keys == 0 ? null : partial, values == 0 ? null : partial + keys, biases == 0 ? null : partial + keys + values);
                }
            }
        }
    }
}

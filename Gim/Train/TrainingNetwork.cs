using Gim.Kernels.Devices;
using Gim.Similarity;

namespace Gim.Train;

/// <summary>
/// The similarity transformer with everything kept that its gradient needs: the same sums as <see cref="SimilarityNetwork"/>
/// over whole sequences, and the gradient by every parameter. Used by one thread at a time.
/// </summary>
internal sealed class TrainingNetwork : IDisposable
{
    private readonly ModelParameters parameters;
    private readonly SimilarityConfiguration configuration;
    private readonly Device device;
    private readonly TrainingActivations activations;
    private readonly int sequences, length, rows, d;

    /// <param name="sequences">Sequences of a pass.</param>
    /// <param name="length">Positions of each.</param>
    public TrainingNetwork(ModelParameters parameters, int sequences, int length)
    {
        if (parameters.Configuration.Similarity != SimilarityFunction.Cosine)
            throw new ArgumentException("only models that compare by cosine are trained", nameof(parameters));
        this.parameters = parameters;
        configuration = parameters.Configuration;
        device = parameters.Device;
        this.sequences = sequences;
        this.length = length;
        rows = checked(sequences * length);
        d = configuration.Columns;
        activations = new TrainingActivations(device, configuration, rows);
    }

    private AttentionShape Attention => new(sequences, length, configuration.Heads, configuration.HeadSize) { Window = configuration.Band };

    /// <summary>The embedding of every position, rows of length 1 [sequences · length, output columns]; valid until the next pass.</summary>
    /// <param name="tokens">[sequences · length]</param>
    public DeviceView<float> Forward(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length != rows)
            throw new ArgumentException($"there are {tokens.Length} tokens where {sequences} sequences of {length} have {rows}", nameof(tokens));
        device.Upload(tokens, activations.Tokens);
        DeviceView<float> stream = activations.Blocks.Count > 0 ? activations.Blocks[0].Source : activations.Last;
        device.GatherRows(parameters.Weights.Tokens, activations.Tokens, configuration.Vocabulary, d, stream);
        for (int layer = 0; layer < activations.Blocks.Count; layer++)
        {
            DeviceView<float> next = layer + 1 < activations.Blocks.Count ? activations.Blocks[layer + 1].Source : activations.Last;
            Forward(parameters.Weights.Blocks[layer], activations.Blocks[layer], next);
        }
        SimilarityWeights weights = parameters.Weights;
        device.LayerNorm(activations.Last, weights.Gain, weights.Bias, rows, d, activations.LastNormal, activations.LastMean, activations.LastInverseDeviation);
        device.Multiply(activations.LastNormal, weights.Output, new ProductShape(rows, configuration.OutputColumns, d) { TransposeB = true }, activations.Projected);
        device.NormalizeRows(activations.Projected, rows, configuration.OutputColumns, activations.Embeddings);
        return activations.Embeddings;
    }

    /// <summary>Adds the gradient by every parameter, from that by the embeddings of the last forward pass.</summary>
    /// <param name="upstream">[sequences · length, output columns]</param>
    public void Backward(DeviceView<float> upstream)
    {
        SimilarityWeights weights = parameters.Weights, gradients = parameters.Gradients;
        int columns = configuration.OutputColumns;
        DeviceView<float> projected = activations.ProjectedGradient, gradient = activations.Gradient, branch = activations.Branch;
        device.NormalizeRowsBackward(activations.Projected, upstream, rows, columns, projected);
        device.Multiply(projected, activations.LastNormal, new ProductShape(columns, d, rows) { TransposeA = true, Beta = 1 }, gradients.Output);
        device.Multiply(projected, weights.Output, new ProductShape(rows, d, columns), branch);
        device.LayerNormBackward(activations.Last, weights.Gain, activations.LastMean, activations.LastInverseDeviation, branch, rows, d, gradient, gradients.Gain, gradients.Bias);
        for (int layer = activations.Blocks.Count - 1; layer >= 0; layer--)
            Backward(weights.Blocks[layer], gradients.Blocks[layer], activations.Blocks[layer], gradient);
        device.ScatterAddRows(gradient, activations.Tokens, configuration.Vocabulary, d, gradients.Tokens);
    }

    private void Forward(BlockWeights block, BlockActivations kept, DeviceView<float> next)
    {
        device.LayerNorm(kept.Source, block.AttentionGain, block.AttentionBias, rows, d, kept.Normal, kept.Mean, kept.InverseDeviation);
        device.Multiply(kept.Normal, block.In, new ProductShape(rows, 3 * d, d) { TransposeB = true }, kept.QueriesKeysValues, block.InBias);
        device.Attention(kept.QueriesKeysValues, Attention, block.Terms, kept.Attended, kept.LogSumExp);
        device.Scale(kept.Source, 1, kept.Middle);
        device.Multiply(kept.Attended, block.Out, new ProductShape(rows, d, d) { TransposeB = true, Beta = 1 }, kept.Middle, block.OutBias);
        device.LayerNorm(kept.Middle, block.HiddenGain, block.HiddenBias, rows, d, kept.HiddenNormal, kept.HiddenMean, kept.HiddenInverseDeviation);
        device.Multiply(kept.HiddenNormal, block.Up, new ProductShape(rows, 4 * d, d) { TransposeB = true }, kept.Before, block.UpBias);
        device.Gelu(kept.Before, kept.Hidden);
        device.Scale(kept.Middle, 1, next);
        device.Multiply(kept.Hidden, block.Down, new ProductShape(rows, d, 4 * d) { TransposeB = true, Beta = 1 }, next, block.DownBias);
    }

    /// <param name="gradient">[rows, d], by what came out of the block; becomes that by what went in.</param>
    private void Backward(BlockWeights block, BlockWeights gradients, BlockActivations kept, DeviceView<float> gradient)
    {
        DeviceView<float> branch = activations.Branch, hidden = activations.HiddenGradient, all = hidden.Slice(0, rows * 3 * d), source = activations.SourceGradient;
        device.SumRows(gradient, rows, d, gradients.DownBias);
        device.Multiply(gradient, kept.Hidden, new ProductShape(d, 4 * d, rows) { TransposeA = true, Beta = 1 }, gradients.Down);
        device.Multiply(gradient, block.Down, new ProductShape(rows, 4 * d, d), hidden);
        device.GeluBackward(kept.Before, hidden, hidden);
        device.SumRows(hidden, rows, 4 * d, gradients.UpBias);
        device.Multiply(hidden, kept.HiddenNormal, new ProductShape(4 * d, d, rows) { TransposeA = true, Beta = 1 }, gradients.Up);
        device.Multiply(hidden, block.Up, new ProductShape(rows, d, 4 * d), branch);
        device.LayerNormBackward(kept.Middle, block.HiddenGain, kept.HiddenMean, kept.HiddenInverseDeviation, branch, rows, d, source, gradients.HiddenGain, gradients.HiddenBias);
        device.Add(gradient, source, gradient);

        device.SumRows(gradient, rows, d, gradients.OutBias);
        device.Multiply(gradient, kept.Attended, new ProductShape(d, d, rows) { TransposeA = true, Beta = 1 }, gradients.Out);
        device.Multiply(gradient, block.Out, new ProductShape(rows, d, d), branch);
        device.AttentionBackward(kept.QueriesKeysValues, Attention, block.Terms, kept.Attended, kept.LogSumExp, branch, all, gradients.Terms);
        device.SumRows(all, rows, 3 * d, gradients.InBias);
        device.Multiply(all, kept.Normal, new ProductShape(3 * d, d, rows) { TransposeA = true, Beta = 1 }, gradients.In);
        device.Multiply(all, block.In, new ProductShape(rows, d, 3 * d), branch);
        device.LayerNormBackward(kept.Source, block.AttentionGain, kept.Mean, kept.InverseDeviation, branch, rows, d, source, gradients.AttentionGain, gradients.AttentionBias);
        device.Add(gradient, source, gradient);
    }

    public void Dispose() => activations.Dispose();
}

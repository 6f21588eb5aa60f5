namespace Gim.Tests.Kernels.Devices;

/// <summary>What is checked of every operation on every device. A new operation adds its entry here.</summary>
internal static class OperationChecks
{
    public static IReadOnlyDictionary<string, Action<Comparison>> All { get; } = new Dictionary<string, Action<Comparison>>
    {
        ["add"] = ElementwiseChecks.Add,
        ["scale"] = ElementwiseChecks.Scale,
        ["gelu"] = ElementwiseChecks.Gelu,
        ["gelu backward"] = ElementwiseChecks.GeluBackward,
        ["softmax"] = RowChecks.Softmax,
        ["normalize rows"] = RowChecks.NormalizeRows,
        ["layer norm"] = LayerNormChecks.Forward,
        ["layer norm backward"] = LayerNormChecks.Backward,
        ["multiply"] = ProductChecks.Multiply,
        ["multiply batch"] = ProductChecks.MultiplyBatch,
        ["attention"] = AttentionChecks.Forward,
        ["attention backward"] = AttentionChecks.Backward,
        ["similarity weights"] = PairChecks.Similarity,
        ["retrieval likelihood"] = PairChecks.Retrieval,
        ["gather rows"] = EmbeddingChecks.Gather,
        ["scatter-add rows"] = EmbeddingChecks.ScatterAdd,
        ["log-softmax"] = RowChecks.LogSoftmax,
        ["softmax backward"] = RowGradientChecks.Softmax,
        ["log-softmax backward"] = RowGradientChecks.LogSoftmax,
        ["normalize rows backward"] = RowGradientChecks.NormalizeRows,
        ["sum rows"] = ColumnChecks.SumRows,
        ["standardize columns"] = ColumnChecks.Standardize,
        ["correlate columns"] = ColumnChecks.Correlate,
        ["cross-entropy"] = LossChecks.CrossEntropy,
        ["add sum of squares"] = OptimizerChecks.AddSumOfSquares,
        ["adamw"] = OptimizerChecks.AdamW,
        ["top k"] = SelectionChecks.TopK,
        ["sum segments"] = SelectionChecks.SumSegments,
        ["add gram"] = GramChecks.AddGram,
    };
}

namespace Gim.Kernels.Devices;

/// <summary>Causal self-attention with a band and relative terms, and its gradient.</summary>
public abstract partial class Device
{
    /// <summary>
    /// For every sequence, head h and query i, over the keys j = max(0, i - window + 1) ... i, with u = window - 1 - (i - j):
    /// score_j = scale q_i · (k_j + relativeKeys_u) + bias_hu, weights = softmax(score),
    /// destination_i = Σ_j weight_j (v_j + relativeValues_u). No matrix of all scores is kept.
    /// NaN in a query, or in a key or value that it sees, gives NaN; scores that are all -∞, or ∞, give NaN.
    /// </summary>
    /// <param name="queriesKeysValues">[sequences · length, 3 · columns]: a row's queries, keys and values, the heads of each side by side.</param>
    /// <param name="destination">[sequences · queries, columns]</param>
    /// <param name="logSumExp">[sequences · queries, heads], log Σ_j exp(score_j): what the backward operation needs.</param>
    public void Attention(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> destination, DeviceView<float> logSumExp)
    {
        const string operation = "attention";
        RequireAttention(operation, queriesKeysValues, shape, terms, nameof(destination), destination, logSumExp);
        RequireAllApart(operation, [(nameof(destination), destination), (nameof(logSumExp), logSumExp)],
        [
            (nameof(queriesKeysValues), queriesKeysValues), (nameof(terms.RelativeKeys), terms.RelativeKeys),
            (nameof(terms.RelativeValues), terms.RelativeValues), (nameof(terms.Bias), terms.Bias),
        ]);
        if (destination.Length > 0) AttentionCore(queriesKeysValues, shape, terms, destination, logSumExp);
    }

    /// <summary>
    /// The gradients of <see cref="Attention"/>, of a shape whose first query is 0. With w the weights, g the upstream
    /// gradient and D_i = g_i · result_i: slope_ij = w_ij (g_i · (v_j + relativeValues_u) - D_i), and
    /// dq_i = scale Σ_j slope_ij (k_j + relativeKeys_u), dk_j = scale Σ_i slope_ij q_i, dv_j = Σ_i w_ij g_i are written;
    /// dRelativeKeys_u += scale Σ slope q, dRelativeValues_u += Σ w g and dBias_hu += Σ slope are added to. NaN or ∞ anywhere
    /// in a sequence may reach every gradient of that sequence and of the terms.
    /// </summary>
    /// <param name="queriesKeysValues">[sequences · length, 3 · columns], what went in.</param>
    /// <param name="result">[sequences · length, columns], what came out.</param>
    /// <param name="logSumExp">[sequences · length, heads], as the forward operation wrote it.</param>
    /// <param name="upstream">[sequences · length, columns]</param>
    /// <param name="gradient">[sequences · length, 3 · columns]</param>
    /// <param name="termGradients">The gradient of each term that is there and wanted, in its shape.</param>
    public void AttentionBackward(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> result, DeviceView<float> logSumExp,
        DeviceView<float> upstream, DeviceView<float> gradient, AttentionTerms termGradients)
    {
        const string operation = "attention backward";
        RequireAttention(operation, queriesKeysValues, shape, terms, nameof(result), result, logSumExp);
        if (shape.FirstQuery != 0)
            throw new ShapeException($"{operation}: FirstQuery is {shape.FirstQuery}; gradients need all queries, from 0 on");
        RequireLength(operation, nameof(upstream), upstream, result.Length);
        RequireLength(operation, nameof(gradient), gradient, queriesKeysValues.Length);
        RequireTermGradient(operation, "gradient of RelativeKeys", terms.RelativeKeys, termGradients.RelativeKeys);
        RequireTermGradient(operation, "gradient of RelativeValues", terms.RelativeValues, termGradients.RelativeValues);
        RequireTermGradient(operation, "gradient of Bias", terms.Bias, termGradients.Bias);
        ReadOnlySpan<(string, DeviceView<float>)> written =
        [
            (nameof(gradient), gradient), ("gradient of RelativeKeys", termGradients.RelativeKeys),
            ("gradient of RelativeValues", termGradients.RelativeValues), ("gradient of Bias", termGradients.Bias),
        ];
        RequireAllApart(operation, written,
        [
            (nameof(queriesKeysValues), queriesKeysValues), (nameof(terms.RelativeKeys), terms.RelativeKeys),
            (nameof(terms.RelativeValues), terms.RelativeValues), (nameof(terms.Bias), terms.Bias),
            (nameof(result), result), (nameof(logSumExp), logSumExp), (nameof(upstream), upstream),
        ]);
        if (result.Length > 0) AttentionBackwardCore(queriesKeysValues, shape, terms, result, logSumExp, upstream, gradient, termGradients);
    }

    private void RequireAttention(
        string operation, DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms,
        string resultName, DeviceView<float> result, DeviceView<float> logSumExp)
    {
        int columns = Count(operation, nameof(shape.Heads), shape.Heads, nameof(shape.HeadSize), shape.HeadSize);
        int rows = Count(operation, nameof(shape.Sequences), shape.Sequences, nameof(shape.Length), shape.Length);
        RequireSize(operation, nameof(shape.Window), shape.Window);
        RequireSize(operation, nameof(shape.FirstQuery), shape.FirstQuery);
        if (shape.HeadSize > AttentionShape.MaximumHeadSize)
            throw new ShapeException($"{operation}: HeadSize is {shape.HeadSize}; at most {AttentionShape.MaximumHeadSize} is possible");
        if (shape.FirstQuery > shape.Length)
            throw new ShapeException($"{operation}: FirstQuery is {shape.FirstQuery}, beyond the Length {shape.Length}");
        if (columns > MaximumLength / 3)
            throw new ShapeException($"{operation}: 3 x {columns} columns are more than {MaximumLength} values");
        int queries = shape.Sequences * shape.Queries;
        RequireLength(operation, nameof(queriesKeysValues), queriesKeysValues, Count(operation, "positions", rows, "3 x columns", 3 * columns));
        RequireLength(operation, resultName, result, Count(operation, "queries", queries, "columns", columns));
        RequireLength(operation, nameof(logSumExp), logSumExp, Count(operation, "queries", queries, nameof(shape.Heads), shape.Heads));
        int table = terms.HasKeys || terms.HasValues ? Count(operation, nameof(shape.Window), shape.Distances, nameof(shape.HeadSize), shape.HeadSize) : 0;
        if (terms.HasKeys) RequireLength(operation, nameof(terms.RelativeKeys), terms.RelativeKeys, table);
        if (terms.HasValues) RequireLength(operation, nameof(terms.RelativeValues), terms.RelativeValues, table);
        if (terms.HasBias)
            RequireLength(operation, nameof(terms.Bias), terms.Bias, Count(operation, nameof(shape.Heads), shape.Heads, nameof(shape.Window), shape.Distances));
    }

    private void RequireTermGradient(string operation, string name, DeviceView<float> term, DeviceView<float> gradient)
    {
        if (gradient.Buffer is null) return;
        if (term.Buffer is null)
            throw new ShapeException($"{operation}: the {name} is wanted, but the term is not there");
        RequireLength(operation, name, gradient, term.Length);
    }

    private protected abstract void AttentionCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> destination, DeviceView<float> logSumExp);

    private protected abstract void AttentionBackwardCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> result, DeviceView<float> logSumExp,
        DeviceView<float> upstream, DeviceView<float> gradient, AttentionTerms termGradients);
}

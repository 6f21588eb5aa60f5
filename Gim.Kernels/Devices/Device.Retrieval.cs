namespace Gim.Kernels.Devices;

/// <summary>Sizes of <see cref="Device.RetrievalLikelihood"/>.</summary>
/// <param name="Sequences">Sequences of one length, one after the other.</param>
/// <param name="Length">Positions of each.</param>
/// <param name="Columns">Values of an embedding.</param>
/// <param name="FirstQuery">The first position that is asked: earlier ones have too few before them.</param>
public readonly record struct RetrievalShape(int Sequences, int Length, int Columns, int FirstQuery)
{
    /// <summary>
    /// How many positions have an answer: at or after the first query, with a next token that occurred before in the
    /// sequence as a next token. One over it is the scale that makes the loss a mean.
    /// </summary>
    /// <param name="nextTokens">[sequences · length]</param>
    public int CountAnswerable(ReadOnlySpan<int> nextTokens)
    {
        HashSet<int> seen = [];
        int count = 0;
        for (int i = 0; i < nextTokens.Length && Length > 0; i++)
        {
            if (i % Length == 0) seen.Clear();
            if (!seen.Add(nextTokens[i]) && i % Length >= FirstQuery) count++;
        }
        return count;
    }
}

/// <summary>The likelihood of the fuzzy induction head, which its similarity model is trained with.</summary>
public abstract partial class Device
{
    /// <summary>
    /// The loss of every position t of a sequence as a query, and its gradient. With β the inverse temperature and the
    /// weights a_tj = exp(β (e_t · e_j - 1)) of the earlier positions j &lt; t, loss_t = log Σ_j a_tj - log Σ_(j: next_j = next_t) a_tj:
    /// minus the logarithm of the probability that the votes of the positions give the true next token. A position before
    /// the first query, or whose next token follows no earlier position, has loss 0 and no gradient.
    /// Of scale · Σ loss, the gradient by the embeddings is written (both as queries and as keys), and the one by β added
    /// to <paramref name="inverseTemperatureGradient"/>. Computed in tiles of a few hundred queries, never a whole matrix of
    /// pairs. NaN in an embedding gives NaN in the positions that meet it.
    /// </summary>
    /// <param name="embeddings">[sequences · length, columns], rows of length 1.</param>
    /// <param name="nextTokens">[sequences · length], the token that follows each position.</param>
    /// <param name="inverseTemperature">[1], β; on the device, as it may be learnt.</param>
    /// <param name="scale">What the gradients are multiplied with: 1 / answerable positions for a mean.</param>
    /// <param name="losses">[sequences · length]</param>
    /// <param name="gradient">[sequences · length, columns]; none (the default view) for losses only.</param>
    /// <param name="inverseTemperatureGradient">[1]; there exactly if <paramref name="gradient"/> is.</param>
    public void RetrievalLikelihood(
        DeviceView<float> embeddings, DeviceView<int> nextTokens, RetrievalShape shape, DeviceView<float> inverseTemperature, float scale,
        DeviceView<float> losses, DeviceView<float> gradient = default, DeviceView<float> inverseTemperatureGradient = default)
    {
        const string operation = "retrieval likelihood";
        int positions = Count(operation, nameof(shape.Sequences), shape.Sequences, nameof(shape.Length), shape.Length);
        int count = Count(operation, "positions", positions, nameof(shape.Columns), shape.Columns);
        RequireSize(operation, nameof(shape.FirstQuery), shape.FirstQuery);
        RequireLength(operation, nameof(embeddings), embeddings, count);
        RequireLength(operation, nameof(nextTokens), nextTokens, positions);
        RequireLength(operation, nameof(inverseTemperature), inverseTemperature, 1);
        RequireLength(operation, nameof(losses), losses, positions);
        bool wanted = gradient.Buffer is not null;
        if (wanted || inverseTemperatureGradient.Buffer is not null)
        {
            RequireLength(operation, nameof(gradient), gradient, count);
            RequireLength(operation, nameof(inverseTemperatureGradient), inverseTemperatureGradient, 1);
        }
        ReadOnlySpan<(string, DeviceView<float>)> written =
            [(nameof(losses), losses), (nameof(gradient), gradient), (nameof(inverseTemperatureGradient), inverseTemperatureGradient)];
        RequireAllApart(operation, written, [(nameof(embeddings), embeddings), (nameof(inverseTemperature), inverseTemperature)]);
        if (positions > 0)
            RetrievalLikelihoodCore(embeddings, nextTokens, shape, inverseTemperature, scale, losses, gradient, inverseTemperatureGradient, wanted);
    }

    /// <param name="wanted">Whether gradients are; without, their views are to be left alone.</param>
    private protected abstract void RetrievalLikelihoodCore(
        DeviceView<float> embeddings, DeviceView<int> nextTokens, RetrievalShape shape, DeviceView<float> inverseTemperature, float scale,
        DeviceView<float> losses, DeviceView<float> gradient, DeviceView<float> inverseTemperatureGradient, bool wanted);
}

using Gim.Kernels.Devices;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>Retrieval likelihood on sequences of a mixture of texts: training without a teacher.</summary>
internal sealed class RetrievalObjective : ITrainingObjective
{
    private readonly RetrievalStep step;
    private readonly SequenceMixture mixture;
    private readonly IReadOnlyList<string> sourceNames;
    private readonly int sequences, each;
    private readonly int[] tokens;

    /// <param name="parameters">Stay the caller's to dispose.</param>
    /// <param name="shape">Sequences of a pass and their length.</param>
    /// <param name="accumulate">Passes of a step.</param>
    /// <param name="mixture">Of sequences one token longer than the shape's.</param>
    /// <param name="sourceNames">Of the mixture's sources.</param>
    public RetrievalObjective(
        ModelParameters parameters, RetrievalShape shape, int accumulate, OptimizerSettings optimizer, SequenceMixture mixture, IReadOnlyList<string> sourceNames)
    {
        this.mixture = mixture;
        this.sourceNames = sourceNames;
        sequences = shape.Sequences * accumulate;
        each = shape.Length + 1;
        TokensOfStep = (long)sequences * shape.Length;
        tokens = new int[sequences * each];
        step = new RetrievalStep(parameters, shape, optimizer);
    }

    /// <inheritdoc/>
    public Optimizer Optimizer => step.Optimizer;

    /// <inheritdoc/>
    public long TokensOfStep { get; }

    /// <inheritdoc/>
    public StepResult Gradient(int step)
    {
        for (int i = 0; i < sequences; i++)
            mixture.Fill(First(step) + i, tokens.AsSpan(i * each, each));
        return this.step.Gradient(tokens);
    }

    /// <inheritdoc/>
    public string Place(int step)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < sequences; i++)
            names.Add(sourceNames[mixture.Place(First(step) + i).Source]);
        return $"sequences {First(step):N0} and on, of {string.Join(", ", names)}";
    }

    private long First(int step) => (long)step * sequences;

    public void Dispose() => step.Dispose();
}

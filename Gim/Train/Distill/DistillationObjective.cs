namespace Gim.Train.Distill;

/// <summary>Distillation from a teacher's file.</summary>
internal sealed class DistillationObjective : ITrainingObjective
{
    private readonly DistillationStep step;
    private readonly DistillationShape shape;
    private readonly TeacherBatches batches;
    private readonly string name;
    private readonly int passes;
    private readonly int[] tokens;
    private readonly float[] distances;

    /// <param name="parameters">Stay the caller's to dispose.</param>
    /// <param name="shape">Of the batches.</param>
    /// <param name="accumulate">Passes of a step.</param>
    /// <param name="name">What messages call the teacher's text.</param>
    public DistillationObjective(ModelParameters parameters, DistillationShape shape, int accumulate, OptimizerSettings optimizer, TeacherBatches batches, string name)
    {
        this.shape = shape;
        this.batches = batches;
        this.name = name;
        passes = accumulate;
        tokens = new int[checked(passes * shape.Tokens)];
        distances = new float[checked(passes * shape.Pairs)];
        step = new DistillationStep(parameters, shape, optimizer);
    }

    /// <inheritdoc/>
    public Optimizer Optimizer => step.Optimizer;

    /// <inheritdoc/>
    public long TokensOfStep => tokens.Length;

    /// <inheritdoc/>
    public StepResult Gradient(int step)
    {
        for (int pass = 0; pass < passes; pass++)
            batches.Fill((long)step * passes + pass, tokens.AsSpan(pass * shape.Tokens, shape.Tokens), distances.AsSpan(pass * shape.Pairs, shape.Pairs));
        return this.step.Gradient(tokens, distances);
    }

    /// <inheritdoc/>
    public string Place(int step) => $"batches {(long)step * passes:N0} and on, of {name}";

    public void Dispose() => step.Dispose();
}

namespace Gim.Train;

/// <summary>What a training run does, beside the model's sizes and the text.</summary>
internal sealed record TrainingSettings
{
    /// <summary>Positions of a sequence.</summary>
    public required int Length { get; init; }

    /// <summary>The first position that is asked.</summary>
    public required int FirstQuery { get; init; }

    /// <summary>Sequences of a pass.</summary>
    public required int Batch { get; init; }

    /// <summary>Passes of a step.</summary>
    public int Accumulate { get; init; } = 1;

    public required LearningRate LearningRate { get; init; }

    public OptimizerSettings Optimizer { get; init; } = new();

    /// <summary>Steps from one validation to the next.</summary>
    public required int ValidateEvery { get; init; }

    /// <summary>Steps from one checkpoint to the next; each validation makes one as well.</summary>
    public required int CheckpointEvery { get; init; }

    /// <summary>Validations without a better loss after which training ends; 0: it goes to the last step.</summary>
    public int Patience { get; init; }

    public int SequencesOfStep => Batch * Accumulate;

    public long TokensOfStep => (long)SequencesOfStep * Length;
}

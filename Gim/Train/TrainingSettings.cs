namespace Gim.Train;

/// <summary>What a training run does, whatever its objective.</summary>
internal sealed record TrainingSettings
{
    public required LearningRate LearningRate { get; init; }

    /// <summary>Steps from one validation to the next.</summary>
    public required int ValidateEvery { get; init; }

    /// <summary>Steps from one checkpoint to the next; each validation makes one as well.</summary>
    public required int CheckpointEvery { get; init; }

    /// <summary>Validations without a better loss after which training ends; 0: it goes to the last step.</summary>
    public int Patience { get; init; }
}

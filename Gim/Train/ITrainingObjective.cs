namespace Gim.Train;

/// <summary>What one step of training came to.</summary>
/// <param name="Loss">Mean over what was asked; NaN where nothing has an answer.</param>
/// <param name="Answerable">Positions that have an answer.</param>
/// <param name="GradientNorm">Of all parameters, before clipping.</param>
/// <param name="InverseTemperature">1/T the step was computed with.</param>
internal readonly record struct StepResult(double Loss, int Answerable, double GradientNorm, double InverseTemperature);

/// <summary>What a model is trained for, and on what.</summary>
internal interface ITrainingObjective : IDisposable
{
    /// <summary>Takes the steps.</summary>
    Optimizer Optimizer { get; }

    /// <summary>Positions that go through the model in a step.</summary>
    long TokensOfStep { get; }

    /// <summary>Computes the loss and its gradient on a step's batch, which follows from the run's seed and the step's number alone.</summary>
    /// <param name="step">From 0.</param>
    StepResult Gradient(int step);

    /// <summary>Where a step's batch is from, for messages.</summary>
    string Place(int step);
}

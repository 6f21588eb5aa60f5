using Gim.Progress;
using Gim.Report;
using Gim.Train;
using Gim.Train.Data;
using Gim.Train.Start;

namespace Gim.Jobs;

/// <summary>What a run trains on, and for: texts alone, or a teacher's.</summary>
internal interface ITrainingData : IDisposable
{
    /// <summary>Of everything in the data that decides the weights.</summary>
    IReadOnlyList<string> Hashes { get; }

    /// <summary>The tokens that are trained on.</summary>
    IReadOnlyList<WeightedTokens> Tokens { get; }

    /// <summary>For summary.json.</summary>
    IReadOnlyList<TrainSourceSummary> Sources { get; }

    /// <summary>What the curve of the loss shows.</summary>
    string LossTitle { get; }

    ITrainingObjective Objective(ModelParameters parameters, OptimizerSettings optimizer);

    /// <summary>Of what is held back; empty, with a warning, where that is too little.</summary>
    IValidation Validation(IJobLog log);

    /// <summary>Examples of next tokens in what is held back, to calibrate the finished model on.</summary>
    /// <param name="contexts">How many contexts are wanted of each text.</param>
    IReadOnlyList<ValidationText> HeldOut(int contexts, IJobLog log);
}

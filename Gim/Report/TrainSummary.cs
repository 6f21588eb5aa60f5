using Gim.Train;

namespace Gim.Report;

/// <summary><c>summary.json</c> of a training run; accuracies are fractions.</summary>
/// <param name="TokensSeen">Positions that were trained on, repeated ones too.</param>
/// <param name="TokensPerSecond">Of the whole training with its validations, interruptions left out.</param>
/// <param name="BestStep">The step whose weights the model has.</param>
/// <param name="Validation">Of the finished model as its file holds it, with its temperature.</param>
internal sealed record TrainSummary(
    string Task,
    string Device,
    int Threads,
    string Tokenizer,
    int Steps,
    bool EndedEarly,
    long TokensSeen,
    double TokensPerSecond,
    double ElapsedSeconds,
    int Parameters,
    int BestStep,
    double? BestLoss,
    double Temperature,
    double MatchBonus,
    double Recency,
    int? Threshold,
    string Model,
    long ModelBytes,
    IReadOnlyList<TrainSourceSummary> Sources,
    IReadOnlyList<ValidationScore> Validation);

/// <summary>A source of a training run.</summary>
internal sealed record TrainSourceSummary(string Name, double Weight, int Documents, long Tokens, long ValidationTokens);

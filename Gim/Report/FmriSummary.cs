using Gim.Fmri.Scores;

namespace Gim.Report;

/// <summary><c>summary.json</c> of an fmri run. r are Pearson's on the test rows, averaged over targets.</summary>
/// <param name="Subject">Whose responses; a simulated listener says so here.</param>
/// <param name="Dataset">Its kind: simulated, ds003020, plain.</param>
/// <param name="Targets">Targets, or components that stand in for them.</param>
internal sealed record FmriSummary(
    string Task,
    string Subject,
    string Dataset,
    string Device,
    int Threads,
    FmriRows Training,
    FmriRows Test,
    int Targets,
    bool AreComponents,
    IReadOnlyList<FmriSet> FeatureSets,
    IReadOnlyList<FmriMatch> Matches,
    IReadOnlyList<FmriGap> Gaps,
    FmriCeiling? NoiseCeiling,
    FmriSimulation? Simulation,
    double ElapsedSeconds,
    int ResumedSets);

/// <summary>Stories and their TRs after trimming.</summary>
internal sealed record FmriRows(int Stories, int Trs);

/// <summary>A set of features.</summary>
/// <param name="Role">base, comparison, match, wrongText, randomMatch, blind, oracle, gap, gapWrongText.</param>
/// <param name="Base">The set it is compared with; its own name for a base.</param>
/// <param name="Features">Columns that regression saw.</param>
/// <param name="MeanRTop10">Over the tenth of the targets with the largest r.</param>
/// <param name="MeanRFirst20">Over the first 20 targets.</param>
/// <param name="Gain">Mean r less the base's.</param>
/// <param name="SignificantTargets">Targets at a false discovery rate of .05; null without permutations.</param>
/// <param name="MeanNormalizedR">Mean of r / noise ceiling over the targets whose ceiling is high enough; null without repeats.</param>
/// <param name="MedianPenalty">λ.</param>
internal sealed record FmriSet(
    string Name, string Role, string Base, int Features, double MeanR, double MeanRLow, double MeanRHigh, double MeanRTop10, double MeanRFirst20, double ShareAboveZero,
    double Gain, double GainLow, double GainHigh, int? SignificantTargets, double? MeanNormalizedR, double MedianPenalty);

/// <summary>A match beside its controls, in mean r.</summary>
/// <param name="GainShare">The gain relative to the base's mean r; null where that is not above 0.</param>
/// <param name="ControlGain">What wrong texts gain, on average.</param>
/// <param name="Difference">Gain less control gain: what is left for the text.</param>
/// <param name="DifferenceShare">Relative to the base's mean r.</param>
/// <param name="WrongTextR">Mean r of the wrong texts, on average.</param>
/// <param name="WrongTexts">Mean r of each.</param>
internal sealed record FmriMatch(
    string Name, string Base, double BaseR, double MeanR, Interval Gain, double? GainShare, Interval ControlGain, Interval Difference, double? DifferenceShare, Interval? RandomGain,
    Interval WrongTextR, IReadOnlyList<double> WrongTexts);

/// <summary>A point of the gap curve.</summary>
/// <param name="Gap">TRs that a matched row lies back at least.</param>
internal sealed record FmriGap(int Gap, double MeanR, double WrongTextR, double BaseR);

/// <summary>How well any prediction could do.</summary>
/// <param name="MeanR">The largest r possible, averaged over targets.</param>
internal sealed record FmriCeiling(int Presentations, double MeanR);

/// <summary>What a simulated listener was made with: shares of the variance of a single hearing.</summary>
internal sealed record FmriSimulation(double FeatureShare, double InductionShare);

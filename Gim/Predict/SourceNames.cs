using Gim.Match;

namespace Gim.Predict;

/// <summary>What sources of evidence are called in files: the published evaluation's names.</summary>
public static class SourceNames
{
    public const string InfiniGram = "infinigram", ExactInduction = "exact-induction", FuzzyInduction = "fuzzy-induction";

    public static string Of(MatchSource source) => source switch
    {
        MatchSource.Corpus => InfiniGram,
        MatchSource.Context => ExactInduction,
        MatchSource.Similarity => FuzzyInduction,
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>The source of a name.</summary>
    public static MatchSource Parse(string name) => name switch
    {
        InfiniGram => MatchSource.Corpus,
        ExactInduction => MatchSource.Context,
        FuzzyInduction => MatchSource.Similarity,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}

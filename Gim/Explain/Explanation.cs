using Gim.Match;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>A prediction with what it rests on.</summary>
/// <param name="Model">Who predicted: the model's name in configs.</param>
/// <param name="Context">The tokens it was asked to go on from, oldest first: no more than the model looks at.</param>
/// <param name="Prediction">The distribution over the next token.</param>
/// <param name="Threshold">τ where GIM answered by the published rule, else null.</param>
/// <param name="Answers">For GIM what each of its parts answered; empty for other models.</param>
/// <param name="Quotes">Places of the evidence, the most telling first.</param>
/// <param name="Places">How many places there are in all, of which <paramref name="Quotes"/> shows some.</param>
public sealed record Explanation(
    string Model,
    ReadOnlyMemory<int> Context,
    NextTokens Prediction,
    int? Threshold,
    IReadOnlyList<SourceAnswer> Answers,
    IReadOnlyList<EvidenceQuote> Quotes,
    long Places)
{
    /// <summary>Which kind of evidence made the prediction.</summary>
    public MatchSource Source => Prediction.Source;

    /// <summary>Places that are not among the quotes.</summary>
    public long NotShown => Places - Quotes.Count;
}

/// <summary>How much of the evidence an explanation shows.</summary>
/// <param name="Quotes">Places at most.</param>
/// <param name="Before">Tokens before a match at most.</param>
/// <param name="After">Tokens behind the one that followed at most.</param>
/// <param name="Alike">For fuzzy induction, tokens shown as the place's context.</param>
public sealed record QuoteLimits(int Quotes = 4, int Before = 16, int After = 8, int Alike = 12);

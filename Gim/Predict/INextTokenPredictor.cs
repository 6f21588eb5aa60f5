using Gim.Match;

namespace Gim.Predict;

/// <summary>Predicts the token that follows a context, from evidence that can be shown. Safe to use from several threads.</summary>
public interface INextTokenPredictor
{
    /// <summary>The model's name in configs and tables.</summary>
    string Name { get; }

    /// <summary>Predicts the token after <paramref name="context"/>.</summary>
    /// <param name="context">Tokens w_1..w_n, oldest first.</param>
    /// <param name="match">Scratch of the calling thread; afterwards it holds the match with every place it stands.</param>
    NextTokens Predict(ReadOnlySpan<int> context, MatchResult match);
}

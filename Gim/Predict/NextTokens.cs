using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// A predicted distribution over the next token, kept sparse: tokens that are not listed have probability 0, except
/// when none is listed, which means that nothing is known and every token of the vocabulary is equally likely.
/// </summary>
public sealed class NextTokens
{
    private readonly int[] tokens;
    private readonly double[] probabilities;

    private NextTokens(MatchSource source, int effectiveN, long count, int vocabularySize, int[] tokens, double[] probabilities)
    {
        Source = source;
        EffectiveN = effectiveN;
        Count = count;
        VocabularySize = vocabularySize;
        this.tokens = tokens;
        this.probabilities = probabilities;
    }

    /// <summary>Which kind of evidence made the prediction.</summary>
    public MatchSource Source { get; }

    /// <summary>Length of the match in tokens.</summary>
    public int EffectiveN { get; }

    /// <summary>How many places of evidence there are.</summary>
    public long Count { get; }

    /// <summary>V.</summary>
    public int VocabularySize { get; }

    /// <summary>Tokens with a probability above 0, ascending.</summary>
    public ReadOnlySpan<int> Tokens => tokens;

    /// <summary>Their probabilities; they add up to 1.</summary>
    public ReadOnlySpan<double> Probabilities => probabilities;

    /// <summary>Whether no token is more likely than another, so that nothing is predicted.</summary>
    public bool IsFlat
        => tokens.Length == 0
        || (tokens.Length == VocabularySize && !probabilities.AsSpan().ContainsAnyExcept(probabilities[0]));

    /// <summary>Whether a single token takes all the probability.</summary>
    public bool IsSparse => tokens.Length == 1;

    /// <summary>The most likely token; of equally likely ones the lowest id. A flat distribution gives 0.</summary>
    public int Best
    {
        get
        {
            int best = 0;
            for (int i = 1; i < tokens.Length; i++)
            {
                if (probabilities[i] > probabilities[best])
                    best = i;
            }
            return tokens.Length == 0 ? 0 : tokens[best];
        }
    }

    /// <summary>P(next token = count / all counts), of a match whose counts are merged.</summary>
    /// <exception cref="InputException">The match holds a token that the vocabulary has not: the index was made with another tokenizer.</exception>
    public static NextTokens FromCounts(MatchResult match, int vocabularySize)
    {
        ReadOnlySpan<int> found = match.Next.Tokens;
        if (!found.IsEmpty && (found[0] < 0 || found[^1] >= vocabularySize))
        {
            long token = found[0] < 0 ? (uint)found[0] : found[^1];
            throw new InputException(
                $"the reference holds token id {token}, but the tokenizer's vocabulary has only the ids 0 to {vocabularySize - 1}: it was tokenised with another tokenizer; set \"tokenizer\" to that one, or check \"tokenType\"");
        }
        double[] probabilities = new double[found.Length];
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] = (double)match.Next.Counts[i] / match.Next.Total;
        return new NextTokens(match.Source, match.Length, match.Next.Total, vocabularySize, found.ToArray(), probabilities);
    }

    /// <summary>
    /// P(next token = votes for it / all votes), of a match by similarity: weights are added up in double, in the order of
    /// their positions. Votes of weight 0 (contexts too unlike for a float) are none; without any, nothing is known.
    /// </summary>
    /// <param name="context">The context that was matched.</param>
    public static NextTokens FromWeights(MatchResult match, ReadOnlySpan<int> context, int vocabularySize)
    {
        Span<double> votes = match.Votes(vocabularySize);
        int[] found = new int[match.InContext.Count];
        int different = 0, voting = 0;
        double total = 0;
        for (int i = 0; i < match.InContext.Count; i++)
        {
            int token = context[match.InContext[i]];
            double weight = match.Weights[i];
            if (weight == 0) continue;
            voting++;
            if (votes[token] == 0) found[different++] = token;
            votes[token] += weight;
            total += weight;
        }
        Array.Resize(ref found, different);
        Array.Sort(found);
        double[] probabilities = new double[different];
        for (int i = 0; i < different; i++)
        {
            probabilities[i] = votes[found[i]] / total;
            votes[found[i]] = 0;
        }
        return new NextTokens(match.Source, match.Length, voting, vocabularySize, found, probabilities);
    }

    /// <summary>The <paramref name="count"/> most likely tokens with their probabilities, the likeliest first and equal ones by id; none of probability 0.</summary>
    public (int Token, double Probability)[] Top(int count)
    {
        int[] order = [.. Enumerable.Range(0, tokens.Length)];
        // Tokens are ascending, so that a stable order by probability leaves equal ones by id.
        return [.. order.OrderByDescending(i => probabilities[i]).Take(count).Select(i => (tokens[i], probabilities[i]))];
    }

    public double ProbabilityOf(int token)
    {
        if (tokens.Length == 0)
            return 1.0 / VocabularySize;
        int at = Array.BinarySearch(tokens, token);
        return at < 0 ? 0 : probabilities[at];
    }

    /// <summary>
    /// How many tokens stand before <paramref name="token"/> when all of the vocabulary is ordered by probability,
    /// highest first, and equal ones by id: 0 for <see cref="Best"/>.
    /// </summary>
    public int RankOf(int token)
    {
        double own = ProbabilityOf(token);
        if (own == 0)
            return tokens.Length + UnlistedBelow(token);
        if (tokens.Length == 0)
            return token;
        int rank = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (probabilities[i] > own || (probabilities[i] == own && tokens[i] < token))
                rank++;
        }
        return rank;
    }

    /// <summary>Whether no other token is more likely than <paramref name="token"/>.</summary>
    public bool SharesMaximum(int token)
    {
        double own = ProbabilityOf(token);
        foreach (double other in probabilities)
        {
            if (other > own)
                return false;
        }
        return own > 0;
    }

    private int UnlistedBelow(int token)
    {
        int at = Array.BinarySearch(tokens, token);
        return token - (at < 0 ? ~at : at);
    }
}

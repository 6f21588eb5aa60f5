namespace Gim.Index.Query;

/// <summary>
/// What follows a prompt, over all shards of an index: infini-gram's queries prob, ntd, infgram_prob and infgram_ntd.
/// A document's end counts as the end-of-text token in all of them. (The original's prob counts only end-of-text tokens
/// that are written out, so that its prob and ntd disagree.)
/// </summary>
public static class NextTokenQueries
{
    /// <summary>
    /// How likely <paramref name="token"/> follows <paramref name="prompt"/>. The empty prompt has every position of the
    /// index, separators included, as its occurrences. For the end-of-text token the ends of documents count too.
    /// </summary>
    public static TokenProbability Probability(CorpusIndex index, ReadOnlySpan<int> prompt, int token)
    {
        if (token == index.EndOfText)
        {
            NextTokenDistribution distribution = Distribution(index, prompt);
            int entry = distribution.Counts.Tokens.BinarySearch(token);
            return new TokenProbability(distribution.PromptCount, entry < 0 ? 0 : distribution.Counts.Counts[entry]);
        }
        int[] continued = [.. prompt, token];
        long promptCount = index.Count(prompt);
        return new TokenProbability(promptCount, promptCount == 0 ? 0 : index.Count(continued));
    }

    /// <summary>
    /// Everything that follows <paramref name="prompt"/>, exact for up to <paramref name="maxSupport"/> occurrences and
    /// sampled above (see <see cref="NextTokenSample"/>); null is always exact. Exact counts cost a few looks for each
    /// different token, not for each occurrence, so sampling saves time only after very frequent prompts.
    /// </summary>
    /// <exception cref="OperationCanceledException">The query was stopped.</exception>
    public static NextTokenDistribution Distribution(
        CorpusIndex index, ReadOnlySpan<int> prompt, long? maxSupport = null, CancellationToken cancellation = default)
    {
        if (maxSupport is { } support)
            ArgumentOutOfRangeException.ThrowIfLessThan(support, 1, nameof(maxSupport));
        cancellation.ThrowIfCancellationRequested();
        var counts = new TokenCounts();
        RankRange[] ranges = index.Find(prompt);
        long promptCount = ranges.Sum(range => range.Count);
        if (maxSupport is { } most && promptCount > most)
        {
            new NextTokenSample(index, prompt.Length, NextTokenSample.UnitOf(promptCount, most), counts, cancellation).Add(ranges);
            counts.Merge();
            return new NextTokenDistribution(promptCount, counts, Approximate: true);
        }
        index.NextTokens(prompt, counts);
        return new NextTokenDistribution(promptCount, counts, Approximate: false);
    }

    /// <summary>The ∞-gram's distribution: what follows the longest suffix of <paramref name="prompt"/> that occurs.</summary>
    /// <inheritdoc cref="Distribution"/>
    public static (int SuffixLength, NextTokenDistribution Distribution) InfinityGram(
        CorpusIndex index, ReadOnlySpan<int> prompt, long? maxSupport = null, CancellationToken cancellation = default)
    {
        int length = LongestSuffix(index, prompt);
        return (length, Distribution(index, prompt[^length..], maxSupport, cancellation));
    }

    /// <summary>The ∞-gram's probability of a token behind <paramref name="prompt"/>; there is always a match, if only the empty one.</summary>
    public static (int SuffixLength, TokenProbability Probability) InfinityGramProbability(CorpusIndex index, ReadOnlySpan<int> prompt, int token)
    {
        int length = LongestSuffix(index, prompt);
        return (length, Probability(index, prompt[^length..], token));
    }

    /// <summary>
    /// Length of the longest suffix of <paramref name="prompt"/> that occurs somewhere in the index, 0 where not even
    /// its last token does: the ∞-gram's context.
    /// </summary>
    public static int LongestSuffix(CorpusIndex index, ReadOnlySpan<int> prompt)
    {
        // A suffix of what occurs occurs too: double the length while it is found, then halve the gap.
        var text = new OrderedText(index, prompt);
        int found = 0, missing = prompt.Length + 1;
        for (int length = 1; length <= prompt.Length; length *= 2)
        {
            if (!text.Occurs(prompt.Length - length, length))
            {
                missing = length;
                break;
            }
            found = length;
            if (length > prompt.Length / 2)
                break;
        }
        while (found + 1 < missing)
        {
            int middle = (int)(((long)found + missing) / 2);
            if (text.Occurs(prompt.Length - middle, middle))
                found = middle;
            else
                missing = middle;
        }
        return found;
    }
}

using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;

namespace Gim.Evaluate;

/// <summary>
/// Chooses GIM's τ (the paper: on held-out data) on documents of the reference itself: each is predicted as if the reference
/// did not hold it. Contexts stay inside documents, and are shorter than the test's where the documents are.
/// </summary>
/// <param name="references">The corpora.</param>
/// <param name="fuzzy">The fuzzy head.</param>
/// <param name="context">Tokens of a whole context.</param>
/// <param name="referenceContext">How many of its last tokens are looked up in the corpora.</param>
/// <param name="vocabularySize">V.</param>
internal sealed class ThresholdSearch(IReadOnlyList<CorpusIndex> references, FuzzyMatch fuzzy, int context, int referenceContext, int vocabularySize)
{
    private readonly HeldOutMatch corpus = new(references, referenceContext);

    /// <summary>GIM's accuracy by τ; null where no document of the references is long enough for an example. The same at any number of threads.</summary>
    /// <exception cref="InputException">A reference is damaged, or was made with another tokenizer.</exception>
    public ThresholdTable? Run(long seed, int threads, IJobLog log, CancellationToken cancellation)
    {
        IReadOnlyList<HeldOutStretch> stretches = HeldOutText.Draw(references, context, vocabularySize, seed);
        if (stretches.Count == 0) return null;
        var answers = new List<SourceAnswers>();
        using IJobProgress progress = log.Start("choosing the threshold", stretches.Sum(stretch => stretch.Targets), "examples");
        for (int first = 0; first < stretches.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Together(stretches, first);
            SourceAnswers[] batch = Answer([.. stretches.Skip(first).Take(count)], threads);
            answers.AddRange(batch);
            progress.Advance(batch.Length);
            first += count;
        }
        return ThresholdTable.Of(answers, stretches.Count);
    }

    /// <summary>How many stretches of one shape go together.</summary>
    private int Together(IReadOnlyList<HeldOutStretch> stretches, int first)
    {
        HeldOutStretch one = stretches[first];
        int count = 1, most = fuzzy.StretchesTogether(one.Tokens.Length);
        while (count < most && first + count < stretches.Count
            && (stretches[first + count].Context, stretches[first + count].Targets) == (one.Context, one.Targets))
        {
            count++;
        }
        return count;
    }

    private SourceAnswers[] Answer(HeldOutStretch[] stretches, int threads)
    {
        int context = stretches[0].Context, targets = stretches[0].Targets, earlier = context - 1;
        float[] weights = new float[stretches.Length * targets * earlier];
        // The last target is in no context.
        if (earlier > 0) fuzzy.Weigh([.. stretches.SelectMany(stretch => stretch.Tokens.SkipLast(1))], stretches.Length, context, targets, weights);
        var answers = new SourceAnswers[stretches.Length * targets];
        try
        {
            Parallel.For(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new MatchResult(), (i, _, match) =>
            {
                answers[i] = Answer(stretches[i / targets], i % targets, weights.AsSpan(i * earlier, earlier), match);
                return match;
            }, _ => { });
        }
        catch (AggregateException problems) when (problems.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } problem)
        {
            throw problem;
        }
        return answers;
    }

    private SourceAnswers Answer(HeldOutStretch stretch, int number, ReadOnlySpan<float> weights, MatchResult match)
    {
        ReadOnlySpan<int> before = stretch.Tokens.AsSpan(number, stretch.Context);
        int target = stretch.Tokens[number + stretch.Context];
        corpus.Find(before, stretch.Document, match);
        NextTokens ofCorpus = NextTokens.FromCounts(match, vocabularySize);
        ExactMatch.Find(before, match);
        NextTokens ofContext = NextTokens.FromCounts(match, vocabularySize);
        FuzzyMatch.Fill(weights, match);
        return SourceAnswers.Of(ofCorpus, ofContext, NextTokens.FromWeights(match, before, vocabularySize), target);
    }
}

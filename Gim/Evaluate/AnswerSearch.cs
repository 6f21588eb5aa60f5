using Gim.Match;
using Gim.Predict;
using Gim.Progress;

namespace Gim.Evaluate;

/// <summary>What each of GIM's three sources answers to the examples of a text: what rules are chosen by.</summary>
/// <param name="context">Tokens of a context.</param>
/// <param name="vocabularySize">V.</param>
internal sealed class AnswerSearch(CorpusMatch corpus, FuzzyMatch fuzzy, int context, int vocabularySize, int threads)
{
    /// <summary>In the order of the examples, whatever the number of threads.</summary>
    public IReadOnlyList<SourceAnswers> Run(TestText text, ExampleSet examples, IJobProgress progress, CancellationToken cancellation)
    {
        var batch = new FuzzyBatch(text, examples, fuzzy, context);
        var answers = new SourceAnswers[examples.Count];
        for (int start = 0; start < examples.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, end) = batch.Around(start);
            ReadOnlyMemory<float>[] weights = batch.Weigh(first, end, cancellation);
            Parallel.For(first, end, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new MatchResult(), (i, _, match) =>
            {
                int target = (int)examples[i].Position;
                ReadOnlySpan<int> tokens = text.Tokens.Span, before = tokens.Slice(target - context, context);
                corpus.Find(before, match);
                NextTokens ofCorpus = NextTokens.FromCounts(match, vocabularySize);
                ExactMatch.Find(before, match);
                NextTokens ofContext = NextTokens.FromCounts(match, vocabularySize);
                FuzzyMatch.Fill(weights[i - first].Span, match);
                answers[i] = SourceAnswers.Of(ofCorpus, ofContext, NextTokens.FromWeights(match, before, vocabularySize), tokens[target]);
                return match;
            }, _ => { });
            progress.Advance(end - first);
            start = end;
        }
        return answers;
    }
}

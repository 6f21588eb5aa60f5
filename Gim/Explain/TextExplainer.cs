using Gim.Evaluate;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;

namespace Gim.Explain;

/// <summary>
/// Explains predictions of tokens of a test text, each from the context right before it. Weights of the fuzzy head for successive
/// targets are made together, as an evaluation makes them.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="predictor">Who predicts.</param>
/// <param name="explainer">Of the same predictor.</param>
/// <param name="fuzzy">The fuzzy head; null where the predictor does not need it.</param>
/// <param name="context">Tokens before each target.</param>
/// <param name="limits">How much is quoted.</param>
internal sealed class TextExplainer(TestText text, INextTokenPredictor predictor, Explainer explainer, FuzzyMatch? fuzzy, int context, QuoteLimits limits)
{
    /// <summary>Weights at most that are made together: memory grows with them.</summary>
    private const int MostWeights = 1 << 22;

    /// <summary>Explains successive tokens.</summary>
    /// <param name="position">The first one's place in the text, at least a context from its beginning.</param>
    /// <param name="count">How many.</param>
    /// <param name="take">Takes what is wanted of an explanation, and of its number, while the rest is let go; from several threads at once.</param>
    /// <returns>[count], the same at any number of threads.</returns>
    public T[] Explain<T>(
        long position, int count, Func<int, Explanation, T> take, int threads, IJobProgress progress, CancellationToken cancellation)
    {
        var taken = new T[count];
        int earlier = context - 1, together = Math.Clamp(MostWeights / Math.Max(1, earlier), 1, count);
        bool weighed = predictor is IFuzzyPredictor && earlier > 0;
        for (int first = 0; first < count; first += together)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = (int)position + first, each = Math.Min(together, count - first), from = first;
            float[] weights = weighed ? new float[each * earlier] : [];
            if (weighed) fuzzy!.Weigh(text.Tokens.Span.Slice(start - context, context + each - 1), 1, context, each, weights);
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
            Parallel.For(0, each, options, () => new MatchResult(), (i, _, match) =>
            {
                ReadOnlySpan<float> own = weighed ? weights.AsSpan(i * earlier, earlier) : [];
                taken[from + i] = take(from + i, explainer.Explain(text.Tokens.Slice(start + i - context, context), own, limits, match));
                progress.Advance(1);
                return match;
            }, _ => { });
        }
        return taken;
    }
}

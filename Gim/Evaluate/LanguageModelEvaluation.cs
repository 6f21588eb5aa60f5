using System.Diagnostics;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;

namespace Gim.Evaluate;

/// <summary>
/// Runs predictors over examples on all cores. Rows come out in the order of the examples, whatever the number of
/// threads, and every figure is added up in that order.
/// </summary>
/// <param name="text">The text the examples are of.</param>
/// <param name="examples">The examples.</param>
/// <param name="predictors">The models.</param>
/// <param name="context">Length of every context in tokens.</param>
/// <param name="fuzzy">The fuzzy head; null where no predictor needs it.</param>
public sealed class LanguageModelEvaluation(
    TestText text, ExampleSet examples, IReadOnlyList<INextTokenPredictor> predictors, int context, FuzzyMatch? fuzzy = null)
{
    // Rows are saved after so many examples: often enough to lose little, seldom enough to cost nothing.
    private const int BatchSize = 256;

    private readonly FuzzyBatch? batch = fuzzy is null ? null : new FuzzyBatch(text, examples, fuzzy, context);
    private readonly long[] ticks = new long[predictors.Count];
    private int predicted;

    /// <summary>
    /// Predicts the examples from <paramref name="first"/> on and gives their rows to <paramref name="save"/>, batch by
    /// batch: for each example one row per model.
    /// </summary>
    public void Run(int first, int threads, Action<PredictionScore[]> save, IJobProgress progress, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        for (int start = first; start < examples.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            // After an interruption a batch may have been predicted in part; it is weighed as a whole all the same.
            var (batchStart, batchEnd) = batch?.Around(start) ?? (start, Math.Min(start - start % BatchSize + BatchSize, examples.Count));
            int count = batchEnd - start;
            long started = Stopwatch.GetTimestamp();
            ReadOnlyMemory<float>[] weights = batch?.Weigh(batchStart, batchEnd, cancellation) ?? [];
            AddFuzzyTime(Stopwatch.GetTimestamp() - started);
            var rows = new PredictionScore[count * predictors.Count];
            try
            {
                Parallel.For(0, count, options, () => new Worker(predictors.Count), (i, _, worker) =>
                {
                    // A batch is short: it is finished rather than cut, so that what is saved is whole.
                    Score(start + i, weights.Length == 0 ? default : weights[start - batchStart + i], rows.AsSpan(i * predictors.Count, predictors.Count), worker);
                    return worker;
                }, Gather);
            }
            catch (AggregateException problems) when (problems.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } problem)
            {
                throw problem;
            }
            predicted += count;
            save(rows);
            progress.Advance(count);
            start += count;
        }
    }

    /// <summary>Every model that may answer with the fuzzy head is charged with the making of all weights, as if it ran alone.</summary>
    private void AddFuzzyTime(long elapsed)
    {
        for (int m = 0; m < predictors.Count; m++)
        {
            if (predictors[m] is IFuzzyPredictor) ticks[m] += elapsed;
        }
    }

    /// <summary>
    /// Examples per second of a model, of those predicted here; 0 where there were none. One thread's time, to which models
    /// with the fuzzy head add the time in which the whole device (all its threads) weighed the contexts, of the examples
    /// that a match answers as well.
    /// </summary>
    public double ExamplesPerSecond(int model)
        => predicted == 0 ? 0 : predicted / Math.Max(Stopwatch.GetElapsedTime(0, ticks[model]).TotalSeconds, 1e-9);

    private void Score(int number, ReadOnlyMemory<float> weights, Span<PredictionScore> rows, Worker worker)
    {
        Example example = examples[number];
        int target = (int)example.Position;
        ReadOnlySpan<int> tokens = text.Tokens.Span;
        ReadOnlySpan<int> before = tokens.Slice(target - context, context);
        for (int m = 0; m < predictors.Count; m++)
        {
            long started = Stopwatch.GetTimestamp();
            NextTokens prediction = predictors[m] is IFuzzyPredictor predictor
                ? predictor.Predict(before, weights.Span, worker.Match)
                : predictors[m].Predict(before, worker.Match);
            worker.Ticks[m] += Stopwatch.GetTimestamp() - started;
            rows[m] = PredictionScore.Of(predictors[m].Name, number, example, tokens[target], prediction);
        }
    }

    private void Gather(Worker worker)
    {
        for (int m = 0; m < ticks.Length; m++)
            Interlocked.Add(ref ticks[m], worker.Ticks[m]);
    }

    /// <summary>What one thread needs for itself.</summary>
    private sealed class Worker(int models)
    {
        public MatchResult Match { get; } = new();

        public long[] Ticks { get; } = new long[models];
    }
}

using Gim.Match;
using Gim.Progress;
using Gim.Similarity;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>
/// Accuracy of the fuzzy head for many settings at once: contexts go through the model a single time, and the weights of
/// every setting are made from the cosines. The figures are those of <see cref="FuzzyMatch"/> with the settings, up to the
/// rounding of weights, and the same at any number of threads.
/// </summary>
/// <param name="context">Tokens of a context.</param>
/// <param name="vocabularySize">V.</param>
internal sealed class VoteSearch(SimilarityNetwork network, int context, int vocabularySize, int threads) : IDisposable
{
    /// <summary>The weights are made at this temperature: the cosines come back from it with all their digits.</summary>
    private const double Temperature = 0.1;

    private readonly FuzzyMatch fuzzy = new(network, Temperature, matchBonus: 0, recency: 0);

    public IReadOnlyList<VoteRow> Run(ValidationText text, IReadOnlyList<VoteSettings> settings, IJobProgress progress, CancellationToken cancellation)
    {
        int each = text.Examples.Consecutive, stretches = text.Examples.Count / each;
        int[] right = new int[settings.Count];
        double[] loss = new double[settings.Count];
        int answerable = 0;
        var plan = new VotePlan(settings, context);
        float[] weights = new float[each * (context - 1)];
        for (int s = 0; s < stretches; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = (int)text.Examples[s * each].Position - context;
            int[] tokens = text.Text.Tokens.Slice(start, context + each).ToArray();
            fuzzy.Weigh(tokens.AsSpan(0, context + each - 1), 1, context, each, weights);
            var outcomes = new VoteOutcome[each];
            Parallel.For(0, each, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new double[vocabularySize], (i, _, votes) =>
            {
                outcomes[i] = plan.Vote(tokens.AsSpan(i, context), tokens[i + context], weights.AsSpan(i * (context - 1), context - 1), Temperature, votes);
                return votes;
            }, _ => { });
            foreach (VoteOutcome outcome in outcomes)
            {
                for (int x = 0; x < settings.Count; x++)
                {
                    right[x] += outcome.Right[x] ? 1 : 0;
                    loss[x] += outcome.Loss[x];
                }
                answerable += outcome.Answerable ? 1 : 0;
            }
            progress.Advance(each);
        }
        int examples = stretches * each;
        return [.. settings.Select((setting, x) => new VoteRow(text.Name, setting, answerable == 0 ? double.NaN : loss[x] / answerable, (double)right[x] / examples))];
    }

    public void Dispose() => fuzzy.Dispose();
}

/// <summary>What every setting says of one example.</summary>
/// <param name="Loss">-log P(token); 0 where it does not occur before.</param>
internal sealed record VoteOutcome(bool[] Right, double[] Loss, bool Answerable);

/// <summary>Settings in the order in which they share work: a temperature's exponentials are made once for all its bonuses.</summary>
internal sealed class VotePlan
{
    private readonly (double InverseTemperature, int[] Settings)[] temperatures;
    private readonly double[][] bonus, decay;
    private readonly int count;

    public VotePlan(IReadOnlyList<VoteSettings> settings, int context)
    {
        count = settings.Count;
        temperatures = [.. settings.Index().GroupBy(one => one.Item.InverseTemperature).Select(group => (group.Key, group.Select(one => one.Index).ToArray()))];
        bonus = [.. settings.Select(one => Enumerable.Range(0, VoteBonus.LongestCounted + 1).Select(length => Math.Exp(one.MatchBonus * length)).ToArray())];
        decay = [.. settings.Select(one => Enumerable.Range(0, context).Select(distance => Math.Exp(-one.Recency * distance / 1024)).ToArray())];
    }

    /// <param name="context">[n]</param>
    /// <param name="weights">[n - 1], exp(-(1 - cos) / temperature).</param>
    /// <param name="votes">[V], zeros; left as zeros.</param>
    public VoteOutcome Vote(ReadOnlySpan<int> context, int target, ReadOnlySpan<float> weights, double temperature, double[] votes)
    {
        int keys = weights.Length, last = context.Length - 1;
        double[] distance = new double[keys], similarity = new double[keys];
        int[] matched = new int[keys];
        bool answerable = false;
        for (int j = 0; j < keys; j++)
        {
            distance[j] = Math.Log(weights[j]) * temperature;
            matched[j] = VoteBonus.MatchLength(context, j, last);
            answerable |= context[j + 1] == target;
        }
        var outcome = new VoteOutcome(new bool[count], new double[count], answerable);
        foreach (var (inverse, settings) in temperatures)
        {
            for (int j = 0; j < keys; j++)
                similarity[j] = Math.Exp(inverse * distance[j]);
            foreach (int x in settings)
            {
                double[] ofLength = bonus[x], ofDistance = decay[x];
                double sum = 0, most = 0;
                int best = -1;
                for (int j = 0; j < keys; j++)
                {
                    double vote = similarity[j] * ofLength[matched[j]] * ofDistance[last - j];
                    sum += vote;
                    votes[context[j + 1]] += vote;
                }
                for (int j = 0; j < keys; j++)
                {
                    double total = votes[context[j + 1]];
                    // Of equal ones the lowest id, as predictions have it.
                    if (total > most || (total == most && context[j + 1] < best)) (most, best) = (total, context[j + 1]);
                }
                outcome.Right[x] = best == target;
                if (answerable) outcome.Loss[x] = -Math.Log(votes[target] / sum);
                for (int j = 0; j < keys; j++)
                    votes[context[j + 1]] = 0;
            }
        }
        return outcome;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gim.Train.Distill;

/// <summary>
/// Distances between a teacher's next-token distributions (method section 2): the mean of the two Kullback-Leibler
/// divergences, which the published code calls JSD, of each query's and each key's.
/// <para>
/// A divergence needs both distributions over the same outcomes, and none of probability zero. Rows list different tokens, so
/// one more outcome "any other token" would mean something else in every row; instead the rest of a row's probability, at
/// least 1e-4 (the tail of a softmax is never empty, but rounds to nothing), is spread evenly over the tokens it does not
/// list (<see cref="TeacherDistancesReference.Whole"/>). So equal rows have distance 0, any two a finite one, and rows that
/// list the whole vocabulary the exact one.
/// </para>
/// <para>
/// Let u be a row's rest for each token, p_w = u + a_w and log p_w = log u + b_w, a and b 0 for tokens not listed. The
/// logarithms of u cancel: 2 D = Σ p b + Σ q b' - u Σ b' - u' Σ b - Σ (a b' + a' b), the last sum over the tokens that both
/// list. Those are found by a list of keys for each token, so that the work grows with what rows share. All sums in double.
/// </para>
/// Nothing is allocated once the largest sizes were seen. Used by one thread at a time.
/// </summary>
internal sealed class TeacherDistances
{
    private const double LeastRest = 1e-4;

    /// <summary>Of sums in double of terms up to 20.</summary>
    private const double Rounding = 1e-12;

    private readonly int vocabulary, top;
    private readonly double[] excess, logExcess;

    /// <summary>A number from 1 on for every token that a key lists.</summary>
    private readonly Dictionary<int, int> slots = [];

    /// <summary>Where each token's cells end in <see cref="cells"/>, and the next one's begin; the first is 0.</summary>
    private int[] ends = [];

    private Cell[] cells = [];
    private Row[] rows = [];
    private double[] shared = [];

    /// <param name="top">k: tokens that a row lists.</param>
    public TeacherDistances(int vocabulary, int top)
    {
        if (top < 1 || top > vocabulary)
            throw new ArgumentException($"rows that list {top} tokens of {vocabulary}; expected from 1 to all of them", nameof(top));
        this.vocabulary = vocabulary;
        this.top = top;
        excess = new double[top];
        logExcess = new double[top];
    }

    /// <summary>A key that lists a token: its a and b there.</summary>
    private record struct Cell(int Key, double Excess, double LogExcess);

    /// <summary>u, Σ b and Σ p b of a row.</summary>
    private record struct Row(double Rest, double LogExcess, double Information);

    /// <summary>distances_ij = (KL(p_i|q_j) + KL(q_j|p_i)) / 2, in nats; NaN where a log-probability is NaN.</summary>
    /// <param name="queryIds">[queries, k], each once in a row, from 0 to V - 1.</param>
    /// <param name="queryLogProbabilities">[queries, k]</param>
    /// <param name="keyIds">[keys, k]</param>
    /// <param name="keyLogProbabilities">[keys, k]</param>
    /// <param name="distances">[queries, keys]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(
        ReadOnlySpan<int> queryIds, ReadOnlySpan<float> queryLogProbabilities, ReadOnlySpan<int> keyIds, ReadOnlySpan<float> keyLogProbabilities,
        Span<float> distances)
    {
        int queries = Rows(queryIds, queryLogProbabilities, nameof(queryIds)), keys = Rows(keyIds, keyLogProbabilities, nameof(keyIds));
        if (distances.Length != (long)queries * keys)
            throw new ArgumentException($"{distances.Length} distances where {queries} queries and {keys} keys have {(long)queries * keys}", nameof(distances));
        Take(keyIds, keyLogProbabilities, keys);
        Span<double> sums = shared.AsSpan(0, keys);
        for (int i = 0; i < queries; i++)
        {
            ReadOnlySpan<int> ids = queryIds.Slice(i * top, top);
            Row query = Spread(queryLogProbabilities.Slice(i * top, top));
            sums.Clear();
            for (int c = 0; c < ids.Length; c++)
            {
                if (!slots.TryGetValue(ids[c], out int slot)) continue;
                double a = excess[c], b = logExcess[c];
                foreach (ref readonly Cell cell in cells.AsSpan(ends[slot - 1], ends[slot] - ends[slot - 1]))
                    sums[cell.Key] += a * cell.LogExcess + b * cell.Excess;
            }
            Span<float> own = distances.Slice(i * keys, keys);
            for (int j = 0; j < own.Length; j++)
            {
                Row key = rows[j];
                double twice = query.Information + key.Information - query.Rest * key.LogExcess - key.Rest * query.LogExcess - sums[j];
                // Equal rows must not be told apart by rounding, nor be nearer than equal.
                own[j] = twice <= Rounding ? 0 : (float)(twice / 2);
            }
        }
    }

    /// <summary>Sorts what the keys list by token.</summary>
    private void Take(ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities, int keys)
    {
        if (shared.Length < keys)
        {
            shared = new double[keys];
            rows = new Row[keys];
        }
        if (cells.Length < ids.Length)
        {
            cells = new Cell[ids.Length];
            ends = new int[ids.Length + 1];
        }
        slots.Clear();
        ends.AsSpan().Clear();
        foreach (int id in ids)
        {
            ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(slots, id, out bool known);
            if (!known) slot = slots.Count;
            ends[slot]++;
        }
        // Counts become begins, and begins ends as the cells come in.
        int begin = 0;
        for (int slot = 1; slot <= slots.Count; slot++)
            (ends[slot], begin) = (begin, begin + ends[slot]);
        for (int j = 0; j < keys; j++)
        {
            rows[j] = Spread(logProbabilities.Slice(j * top, top));
            for (int c = 0; c < top; c++)
                cells[ends[slots[ids[j * top + c]]]++] = new Cell(j, excess[c], logExcess[c]);
        }
    }

    /// <summary>The distribution that a row stands for; its a and b go to <see cref="excess"/> and <see cref="logExcess"/>.</summary>
    private Row Spread(ReadOnlySpan<float> logProbabilities)
    {
        double listed = 0, sum = 0;
        for (int c = 0; c < excess.Length; c++)
            listed += excess[c] = Math.Exp(logProbabilities[c]);
        double rest = top < vocabulary ? Math.Max(1 - listed, LeastRest) / (vocabulary - top) : LeastRest / vocabulary;
        for (int c = 0; c < excess.Length; c++)
            sum += excess[c] = Math.Max(excess[c], rest);
        sum += (vocabulary - top) * rest;
        double logs = 0, information = 0;
        for (int c = 0; c < excess.Length; c++)
        {
            double above = Math.Log(excess[c] / rest), probability = excess[c] / sum;
            logExcess[c] = above;
            excess[c] = probability - rest / sum;
            logs += above;
            information += probability * above;
        }
        return new Row(rest / sum, logs, information);
    }

    private int Rows(ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities, string name)
        => ids.Length % top == 0 && ids.Length == logProbabilities.Length
            ? ids.Length / top
            : throw new ArgumentException($"{ids.Length} ids and {logProbabilities.Length} log-probabilities are no rows of {top}", name);
}

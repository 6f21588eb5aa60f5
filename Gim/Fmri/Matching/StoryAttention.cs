using System.Numerics.Tensors;
using Gim.Kernels.Elementwise;
using Gim.Kernels.Products;

namespace Gim.Fmri.Matching;

/// <summary>The weights with which each row of a story attends to the earlier ones.</summary>
internal sealed class StoryAttention
{
    /// <summary>A weight for each pair of so many TRs takes 1.6 GB.</summary>
    private const int MostTrs = 20_000;

    private readonly InStoryRule rule;
    private readonly float[] weights, cosines;
    private readonly int[] nearest;

    private StoryAttention(int count, InStoryRule rule)
    {
        (Count, this.rule) = (count, rule);
        weights = new float[checked(count * count)];
        cosines = new float[weights.Length];
        nearest = new int[Math.Min(rule.Nearest, count)];
    }

    /// <summary>TRs of the story.</summary>
    public int Count { get; }

    /// <summary>[Count, Count]: row t holds the weights of rows s &lt;= t - gap, which add up to 1 where there is one; all others are 0.</summary>
    public float[] Weights => weights;

    /// <param name="unitKeys">Of length 1.</param>
    public static StoryAttention Of(Matrix unitKeys, StoryRows story, InStoryRule rule, int threads)
    {
        if (story.Count > MostTrs)
            throw new InputException($"the story '{story.Story}' has {story.Count:N0} TRs, and a match inside a story holds a weight for each pair of them, of at most {MostTrs:N0} TRs; cut the story in parts");
        var attention = new StoryAttention(story.Count, rule);
        ReadOnlySpan<float> own = unitKeys.Values.AsSpan(story.Start * unitKeys.Columns, story.Count * unitKeys.Columns);
        MatrixProduct.Multiply(
            story.Count, story.Count, unitKeys.Columns, 1, own, unitKeys.Columns, false, own, unitKeys.Columns, true, 0, attention.cosines, Math.Max(1, story.Count),
            threads: threads);
        for (int t = rule.Gap; t < story.Count; t++)
            attention.Attend(t);
        return attention;
    }

    private Span<float> Candidates(float[] matrix, int t) => matrix.AsSpan(t * Count, Math.Max(0, t - rule.Gap + 1));

    private void Attend(int t)
    {
        ReadOnlySpan<float> alike = Candidates(cosines, t);
        Span<float> to = Candidates(weights, t);
        if (rule.Nearest == 0)
        {
            float sum = Exponential.Apply(alike, TensorPrimitives.Max(alike), (float)(1 / rule.Temperature), to);
            TensorPrimitives.Multiply(to, 1 / sum, to);
            return;
        }
        foreach (int candidate in Largest(alike, nearest))
            to[candidate] = 1f / Math.Min(nearest.Length, alike.Length);
    }

    /// <summary>Adds the strongest candidates of each row, nearest first.</summary>
    /// <param name="firstRow">The story's first row.</param>
    public void AddStrongest(StrongestMatches strongest, int firstRow)
    {
        int[] indexes = new int[rule.Nearest == 0 ? strongest.Each : Math.Min(strongest.Each, nearest.Length)];
        for (int t = rule.Gap; t < Count; t++)
        {
            foreach (int candidate in Largest(Candidates(cosines, t), indexes))
                strongest.Add(firstRow + t, firstRow + candidate, weights[t * Count + candidate]);
        }
    }

    /// <summary>The places of the largest values, descending; of equal ones the earliest first.</summary>
    private static ReadOnlySpan<int> Largest(ReadOnlySpan<float> values, int[] indexes)
    {
        int count = 0;
        for (int i = 0; i < values.Length && indexes.Length > 0; i++)
        {
            if (count == indexes.Length && !(values[i] > values[indexes[count - 1]])) continue;
            int place = count < indexes.Length ? count++ : count - 1;
            for (; place > 0 && values[i] > values[indexes[place - 1]]; place--)
                indexes[place] = indexes[place - 1];
            indexes[place] = i;
        }
        return indexes.AsSpan(0, count);
    }
}

using Gim.Match;

namespace Gim.Evaluate;

/// <summary>
/// The fuzzy head's weights for runs of examples: successive targets of one drawn context are one stretch of text, and
/// several stretches go through the model together.
/// </summary>
internal sealed class FuzzyBatch(TestText text, ExampleSet examples, FuzzyMatch fuzzy, int context)
{
    /// <summary>Tokens of stretches that go through the model together: enough to share its costs, few enough to stop soon.</summary>
    private const int TokensTogether = 1 << 14;

    /// <summary>The weights [n - 1] of each example from <paramref name="first"/> on, <paramref name="count"/> of them.</summary>
    public ReadOnlyMemory<float>[] Weigh(int first, int count, CancellationToken cancellation)
    {
        var weights = new ReadOnlyMemory<float>[count];
        int end = first + count;
        for (int number = first; number < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whole stretches from their first example on, also where it was predicted before: what comes before a
            // position goes into its embedding.
            int stretch = number / examples.Consecutive * examples.Consecutive;
            int each = Math.Min(examples.Consecutive, end - stretch), length = context + each - 1;
            int together = 1;
            while ((together + 1) * (long)length <= TokensTogether && stretch + (together + 1) * examples.Consecutive <= end)
                together++;
            float[] all = new float[together * each * (context - 1)];
            int[] tokens = new int[together * length];
            for (int s = 0; s < together; s++)
                text.Tokens.Span.Slice((int)examples[stretch + s * examples.Consecutive].Position - context, length).CopyTo(tokens.AsSpan(s * length));
            if (context > 1) fuzzy.Weigh(tokens, together, context, each, all);
            for (int i = 0; i < together * each; i++)
            {
                if (stretch + i >= first) weights[stretch + i - first] = all.AsMemory(i * (context - 1), context - 1);
            }
            number = stretch + together * each;
        }
        return weights;
    }
}

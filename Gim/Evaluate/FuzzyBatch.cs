using Gim.Match;

namespace Gim.Evaluate;

/// <summary>
/// The fuzzy head's weights for runs of examples: successive targets of one drawn context are one stretch of text, and
/// several stretches go through the model together. Batches begin at the same examples in every run, so that one that goes
/// on after an interruption gets the same weights, bit for bit.
/// </summary>
internal sealed class FuzzyBatch(TestText text, ExampleSet examples, FuzzyMatch fuzzy, int context)
{
    /// <summary>Successive targets of a pass at most: the memory of one grows with them times the context.</summary>
    private const int MostTargets = 256;

    /// <summary>Examples of a batch at least, after which rows are saved: as many as are weighed together, few where one takes seconds.</summary>
    private readonly int least = fuzzy.StretchesTogether(context);

    /// <summary>The examples [First, End) of the batch that holds an example: whole stretches, or a part of a long one.</summary>
    public (int First, int End) Around(int number)
    {
        int each = examples.Consecutive;
        long size = each <= MostTargets ? (least + each - 1) / each * (long)each : MostTargets;
        // Parts begin anew with every stretch.
        long stretch = each <= MostTargets ? 0 : number - number % each, stretchEnd = each <= MostTargets ? examples.Count : stretch + each;
        long first = stretch + (number - stretch) / size * size;
        return ((int)first, (int)Math.Min(Math.Min(first + size, stretchEnd), examples.Count));
    }

    /// <summary>The weights [n - 1] of each example of a batch.</summary>
    public ReadOnlyMemory<float>[] Weigh(int first, int end, CancellationToken cancellation)
    {
        var weights = new ReadOnlyMemory<float>[end - first];
        for (int number = first; number < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            // The last stretch of all may be shorter.
            int each = Math.Min(Math.Min(examples.Consecutive, MostTargets), end - number), length = context + each - 1;
            int together = Math.Min(fuzzy.StretchesTogether(length), (end - number) / each);
            float[] all = new float[together * each * (context - 1)];
            int[] tokens = new int[together * length];
            for (int s = 0; s < together; s++)
                text.Tokens.Span.Slice((int)examples[number + s * each].Position - context, length).CopyTo(tokens.AsSpan(s * length));
            if (context > 1) fuzzy.Weigh(tokens, together, context, each, all);
            for (int i = 0; i < together * each; i++)
                weights[number - first + i] = all.AsMemory(i * (context - 1), context - 1);
            number += together * each;
        }
        return weights;
    }
}

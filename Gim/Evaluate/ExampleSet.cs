namespace Gim.Evaluate;

/// <summary>One example: the token to predict. Its context is the tokens right before it.</summary>
/// <param name="Document">Number of the target's document in the test text.</param>
/// <param name="PositionInDocument">The target's place in that document.</param>
/// <param name="Position">The target's place in the test text.</param>
public readonly record struct Example(int Document, long PositionInDocument, long Position);

/// <summary>
/// The examples of an evaluation (method section 3): the test text is cut into contexts of a fixed length every
/// <c>stride</c> tokens inside each document; <c>consecutive</c> targets are taken after each, every one with the full
/// length of context before it. When fewer are wanted than there are, contexts are drawn with the seed, each at most
/// once; the examples are in text order.
/// </summary>
public sealed class ExampleSet
{
    private readonly Example[] examples;

    private ExampleSet(Example[] examples, long available, int consecutive)
    {
        this.examples = examples;
        Available = available;
        Consecutive = consecutive;
    }

    public int Count => examples.Length;

    /// <summary>Successive targets of one drawn context: example i belongs to context i / Consecutive, and the last one may have fewer.</summary>
    public int Consecutive { get; }

    public Example this[int index] => examples[index];

    /// <summary>How many examples the text offers.</summary>
    public long Available { get; }

    /// <summary>Draws examples.</summary>
    /// <param name="text">The test text.</param>
    /// <param name="context">Length of every context in tokens.</param>
    /// <param name="stride">Tokens from one context's start to the next.</param>
    /// <param name="consecutive">Targets per context.</param>
    /// <param name="crossDocuments">Whether contexts may run over document borders.</param>
    /// <param name="wanted">Examples to draw; 0 takes all.</param>
    /// <param name="seed">Of the drawing.</param>
    /// <exception cref="InputException">No document is long enough.</exception>
    public static ExampleSet Draw(TestText text, int context, int stride, int consecutive, bool crossDocuments, int wanted, long seed)
    {
        // cumulative[i]: contexts in the stretches before stretch i. A stretch is a document, or all of the text.
        int stretches = crossDocuments ? 1 : text.DocumentCount;
        long[] cumulative = new long[stretches + 1];
        long longest = 0;
        for (int i = 0; i < stretches; i++)
        {
            var (start, end) = Stretch(text, crossDocuments, i);
            longest = Math.Max(longest, end - start);
            cumulative[i + 1] = cumulative[i] + ContextsIn(end - start, context, stride, consecutive);
        }
        long contexts = cumulative[^1];
        if (contexts == 0)
        {
            string what = crossDocuments ? $"the test text has {longest:N0} tokens" : $"the longest of {text.DocumentCount:N0} test documents has {longest:N0} tokens";
            throw new InputException(
                $"no examples: {what}, and \"context\" {context:N0} with \"consecutive\" {consecutive:N0} needs {(long)context + consecutive:N0}; lower them{(crossDocuments ? "" : " or set \"crossDocuments\" to true")}");
        }
        long available = contexts * consecutive;
        long count = wanted == 0 ? available : Math.Min(wanted, available);
        if (count > Array.MaxLength)
            throw new InputException($"the test text offers {available:N0} examples, more than one run can take; set \"examples\" to a smaller number");

        long drawn = (count + consecutive - 1) / consecutive;
        long[]? chosen = drawn < contexts ? new SeededRandom(seed).Sample(contexts, drawn) : null;
        var examples = new Example[count];
        int filled = 0, stretch = 0;
        for (long i = 0; i < drawn; i++)
        {
            long number = chosen?[i] ?? i;
            while (cumulative[stretch + 1] <= number)
                stretch++;
            long first = Stretch(text, crossDocuments, stretch).Start + (number - cumulative[stretch]) * stride + context;
            for (int k = 0; k < consecutive && filled < examples.Length; k++)
                examples[filled++] = Locate(text, first + k, crossDocuments ? null : stretch);
        }
        return new ExampleSet(examples, available, consecutive);
    }

    private static long ContextsIn(long length, int context, int stride, int consecutive)
    {
        long spare = length - context - consecutive;
        return spare < 0 ? 0 : spare / stride + 1;
    }

    private static (long Start, long End) Stretch(TestText text, bool crossDocuments, int index)
        => crossDocuments ? (0, text.TokenCount) : text.Bounds(index);

    private static Example Locate(TestText text, long position, int? document)
    {
        if (document is not { } number)
        {
            int low = 0, high = text.DocumentCount;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (text.Bounds(middle).End <= position)
                    low = middle + 1;
                else
                    high = middle;
            }
            number = low;
        }
        return new Example(number, position - text.Bounds(number).Start, position);
    }
}

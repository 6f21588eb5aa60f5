namespace Gim.Evaluate;

/// <summary>Successive tokens of the test text, each of which has the full context before it.</summary>
/// <param name="Document">Number of the document in which it begins.</param>
/// <param name="PositionInDocument">Its first token's place there.</param>
/// <param name="Position">Its first token's place in the test text.</param>
/// <param name="Length">Tokens.</param>
internal readonly record struct TextPassage(int Document, long PositionInDocument, long Position, int Length)
{
    // Sub-seed of the drawing, which examples of the same seed know nothing of.
    private const long Stream = 0x7061737361676573;

    /// <summary>
    /// Draws passages. The text behind the first context of each document is cut into places of the wanted length, and of these
    /// so many are drawn, each at most once. Where no document has room for one, those with the most room give what they have.
    /// </summary>
    /// <param name="text">The test text.</param>
    /// <param name="context">Tokens before each target.</param>
    /// <param name="length">Tokens of a passage.</param>
    /// <param name="count">Passages.</param>
    /// <param name="crossDocuments">Whether contexts and passages may run over document borders.</param>
    /// <param name="seed">Of the drawing.</param>
    /// <returns>In text order; none where no document is longer than a context.</returns>
    public static IReadOnlyList<TextPassage> Draw(TestText text, int context, int length, int count, bool crossDocuments, long seed)
    {
        var stretches = new List<(long Start, long Room)>();
        for (int i = 0; i < (crossDocuments ? 1 : text.DocumentCount); i++)
        {
            var (start, end) = crossDocuments ? (0, text.TokenCount) : text.Bounds(i);
            if (end - start > context) stretches.Add((start + context, end - start - context));
        }
        long places = stretches.Sum(stretch => stretch.Room / length);
        if (places == 0)
        {
            return [.. stretches.OrderByDescending(stretch => stretch.Room).Take(count)
                .OrderBy(stretch => stretch.Start).Select(stretch => Locate(text, stretch.Start, (int)stretch.Room))];
        }
        var drawn = new List<TextPassage>();
        int at = 0;
        long before = 0;
        foreach (long place in new SeededRandom(SubSeed.Of(seed, Stream)).Sample(places, Math.Min(count, places)))
        {
            while (before + stretches[at].Room / length <= place)
                before += stretches[at++].Room / length;
            drawn.Add(Locate(text, stretches[at].Start + (place - before) * length, length));
        }
        return drawn;
    }

    private static TextPassage Locate(TestText text, long position, int length)
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
        return new TextPassage(low, position - text.Bounds(low).Start, position, length);
    }
}

using Gim.Index;
using Gim.Match;

namespace Gim.Explain;

/// <summary>A run of generated tokens that stand one after another at one place.</summary>
/// <param name="Document">The document; null where the place is in the text itself, before.</param>
/// <param name="Start">Number of the first token among those generated.</param>
/// <param name="Length">Generated tokens.</param>
/// <param name="Position">Position of the first one's place, in the document or in the text.</param>
public sealed record CopiedSpan(QuotedDocument? Document, int Start, int Length, long Position);

/// <summary>
/// Follows where generated tokens come from. As long as the place of a token goes on with the next one, that is a copy of one
/// passage; else a new span begins at the place that the prediction names, and takes in what was generated before as far as it
/// stands there too. So spans may overlap.
/// </summary>
public sealed class CopyTrace(IReadOnlyList<CorpusIndex> references)
{
    private readonly List<CopiedSpan> spans = [];
    private int generated;

    /// <summary>The spans so far, in order. A token from nowhere in particular (of a match of no tokens) is in none.</summary>
    public IReadOnlyList<CopiedSpan> Spans => spans;

    /// <summary>Adds a generated token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="text">The text before it, from its beginning.</param>
    /// <param name="quote">A place of the evidence that it followed; null where there is none.</param>
    /// <returns>Whether it goes on with the passage of the token before.</returns>
    public bool Add(int token, ReadOnlySpan<int> text, EvidenceQuote? quote)
    {
        int number = generated++;
        if (spans.Count > 0 && spans[^1] is var last && last.Start + last.Length == number && GoesOn(last, token, text))
        {
            spans[^1] = last with { Length = last.Length + 1 };
            return true;
        }
        // Of a match of no tokens every place of the token is as good as any other.
        if (quote is not null && (quote.Source != MatchSource.Corpus || quote.Match.Count > 0))
        {
            int before = StandingBefore(quote, text, number);
            spans.Add(new CopiedSpan(quote.Document, number - before, before + 1, quote.Position - before));
        }
        return false;
    }

    /// <summary>How many of the tokens generated last stand right before a place as well.</summary>
    private int StandingBefore(EvidenceQuote quote, ReadOnlySpan<int> text, int most)
    {
        int length = 0;
        if (quote.Document is not { } document)
        {
            while (length < most && length < quote.Position && text[(int)quote.Position - 1 - length] == text[^(1 + length)])
                length++;
            return length;
        }
        IndexShard shard = references[document.Reference].Shards[document.Shard];
        long start = shard.Bounds(document.Number).Start;
        while (length < most && length < quote.Position && shard.TokenAt(start + quote.Position - 1 - length) == text[^(1 + length)])
            length++;
        return length;
    }

    private bool GoesOn(CopiedSpan span, int token, ReadOnlySpan<int> text)
    {
        long next = span.Position + span.Length;
        if (span.Document is not { } document)
            return next < text.Length && text[(int)next] == token;
        IndexShard shard = references[document.Reference].Shards[document.Shard];
        var (start, end) = shard.Bounds(document.Number);
        return start + next < end && shard.TokenAt(start + next) == token;
    }
}

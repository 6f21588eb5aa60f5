using Gim.Index;

namespace Gim.Evaluate;

/// <summary>A piece of a reference document: a context and the tokens that follow it, each a target.</summary>
/// <param name="Document">The document it is from.</param>
/// <param name="Tokens">The context's tokens and the targets.</param>
/// <param name="Context">Tokens before the first target, and before every other one.</param>
internal sealed record HeldOutStretch(HeldOutDocument Document, int[] Tokens, int Context)
{
    public int Targets => Tokens.Length - Context;
}

/// <summary>
/// Draws pieces of reference documents, to try something on text that is like the reference. At most
/// <see cref="DocumentsSeen"/> documents are drawn with the seed; those that offer a whole context and
/// <see cref="TargetsOfDocument"/> targets come first, then the longest of the others, with the context they offer.
/// </summary>
internal static class HeldOutText
{
    /// <summary>Targets in all: the standard error of a rate of one fifth is then below two points.</summary>
    public const int Targets = 512;

    /// <summary>Successive targets of one document: they share one stretch of text, so that each costs a fraction of a context.</summary>
    public const int TargetsOfDocument = 16;

    private const int DocumentsSeen = 10_000;

    /// <param name="references">The corpora.</param>
    /// <param name="context">Tokens of a whole context.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="seed">Of the drawing.</param>
    /// <returns>Stretches with <see cref="Targets"/> targets together, fewer where the references have not so many; none of a document too short for one.</returns>
    /// <exception cref="InputException">A document holds a token that the vocabulary has not.</exception>
    public static IReadOnlyList<HeldOutStretch> Draw(IReadOnlyList<CorpusIndex> references, int context, int vocabularySize, long seed)
    {
        var random = new SeededRandom(seed);
        HeldOutDocument[] seen = Documents(references, random);
        long whole = context + (long)TargetsOfDocument;
        IEnumerable<HeldOutDocument> order = seen.Where(document => document.Length >= whole)
            .Concat(seen.Where(document => document.Length < whole).OrderByDescending(document => document.Length));
        var stretches = new List<HeldOutStretch>();
        int missing = Targets;
        foreach (HeldOutDocument document in order)
        {
            if (missing == 0 || document.Length < 2) break;
            int targets = (int)Math.Min(Math.Min(TargetsOfDocument, document.Length / 2), missing);
            int before = (int)Math.Min(context, document.Length - targets);
            long start = document.Start + random.Below(document.Length - before - targets + 1);
            stretches.Add(new HeldOutStretch(document, Read(references, document, start, before + targets, vocabularySize), before));
            missing -= targets;
        }
        return stretches;
    }

    /// <summary>Documents of all references in random order.</summary>
    private static HeldOutDocument[] Documents(IReadOnlyList<CorpusIndex> references, SeededRandom random)
    {
        long all = references.Sum(reference => reference.Documents);
        long[] numbers = random.Sample(all, Math.Min(all, DocumentsSeen));
        var documents = new HeldOutDocument[numbers.Length];
        int filled = 0;
        long before = 0;
        for (int r = 0; r < references.Count; r++)
        {
            for (int s = 0; s < references[r].Shards.Count; s++)
            {
                IndexShard shard = references[r].Shards[s];
                for (; filled < numbers.Length && numbers[filled] < before + shard.DocumentCount; filled++)
                {
                    var (start, end) = shard.Bounds(numbers[filled] - before);
                    documents[filled] = new HeldOutDocument(r, s, start, end);
                }
                before += shard.DocumentCount;
            }
        }
        for (int i = documents.Length - 1; i > 0; i--)
        {
            int other = (int)random.Below(i + 1);
            (documents[i], documents[other]) = (documents[other], documents[i]);
        }
        return documents;
    }

    private static int[] Read(IReadOnlyList<CorpusIndex> references, HeldOutDocument document, long start, int count, int vocabularySize)
    {
        IndexShard shard = references[document.Reference].Shards[document.Shard];
        int[] tokens = new int[count];
        shard.ReadDocument(shard.DocumentOf(start), start - document.Start, tokens);
        for (int i = 0; i < count; i++)
        {
            if ((uint)tokens[i] >= (uint)vocabularySize)
            {
                throw new InputException(
                    $"index in {references[document.Reference].Name} holds token id {(uint)tokens[i]}, but the tokenizer's vocabulary has only the ids 0 to {vocabularySize - 1}; set \"tokenizer\" to the one it was made with, or check \"tokenType\"");
            }
        }
        return tokens;
    }
}

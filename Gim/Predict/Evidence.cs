using Gim.Index;
using Gim.Match;

namespace Gim.Predict;

/// <summary>One place in a reference corpus that a prediction rests on.</summary>
/// <param name="Reference">Which of the references.</param>
/// <param name="Shard">Which of its shards.</param>
/// <param name="Position">Position of the match's first token in the shard.</param>
/// <param name="NextToken">The token that followed there, a document's end being end-of-text.</param>
public readonly record struct CorpusEvidence(int Reference, int Shard, long Position, int NextToken);

/// <summary>One place in the context that a prediction rests on.</summary>
/// <param name="Position">Position in the context of the token that followed the match.</param>
/// <param name="NextToken">That token.</param>
public readonly record struct ContextEvidence(int Position, int NextToken);

/// <summary>One position of the context that voted for a token.</summary>
/// <param name="Position">Position in the context of the token that was voted for.</param>
/// <param name="NextToken">That token.</param>
/// <param name="Weight">exp(-distance) of the context that ends before it and the whole one.</param>
public readonly record struct WeighedEvidence(int Position, int NextToken, float Weight);

/// <summary>
/// The places behind a match, one by one. Counting their next tokens gives the prediction again: nothing else went
/// into it.
/// </summary>
public static class Evidence
{
    /// <summary>Every place in the references, in the order of their ranks.</summary>
    public static IEnumerable<CorpusEvidence> InCorpus(MatchResult match, IReadOnlyList<CorpusIndex> references)
    {
        foreach (CorpusPlaces places in match.InCorpus)
        {
            CorpusIndex reference = references[places.Reference];
            IndexShard shard = reference.Shards[places.Shard];
            for (long rank = places.Low; rank < places.High; rank++)
            {
                long position = shard.PlaceOf(rank, match.Length);
                yield return new CorpusEvidence(places.Reference, places.Shard, position, TokenAt(reference, shard, position + match.Length));
            }
        }
    }

    /// <summary>The token at a position of a shard, a document's end and that of the shard being end-of-text.</summary>
    internal static int TokenAt(CorpusIndex reference, IndexShard shard, long position)
    {
        int separator = shard.Width.Separator(), token = position < shard.TokenCount ? shard.TokenAt(position) : separator;
        return token == separator ? reference.EndOfText : token;
    }

    /// <summary>Every earlier place in the context, ascending.</summary>
    public static IEnumerable<ContextEvidence> InContext(MatchResult match, ReadOnlyMemory<int> context)
    {
        foreach (int position in match.InContext)
            yield return new ContextEvidence(position, context.Span[position]);
    }

    /// <summary>Every vote of a match by similarity, the positions ascending: adding the weights up by token gives the prediction again.</summary>
    public static IEnumerable<WeighedEvidence> BySimilarity(MatchResult match, ReadOnlyMemory<int> context)
    {
        for (int i = 0; i < match.InContext.Count; i++)
            yield return new WeighedEvidence(match.InContext[i], context.Span[match.InContext[i]], match.Weights[i]);
    }

    /// <summary>
    /// The <paramref name="count"/> votes with the largest weights, all or those for one token, the largest first; of equal ones
    /// the latest position.
    /// </summary>
    public static IReadOnlyList<WeighedEvidence> Strongest(MatchResult match, ReadOnlyMemory<int> context, int count, int? token = null)
        => [.. BySimilarity(match, context)
            .Where(vote => token is null || vote.NextToken == token)
            .OrderByDescending(vote => vote.Weight)
            .ThenByDescending(vote => vote.Position)
            .Take(count)];
}

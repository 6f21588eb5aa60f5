using Gim.Match;

namespace Gim.Explain;

/// <summary>One place that a prediction rests on, with the text around it.</summary>
/// <param name="Source">What found it.</param>
/// <param name="Document">Where it stands; null for a place in the context itself.</param>
/// <param name="Position">Position of the token that followed, in the document or in the context.</param>
/// <param name="Before">Tokens before the match.</param>
/// <param name="Match">The matched tokens. For fuzzy induction the last ones before the place, which are alike and need not be the same.</param>
/// <param name="NextToken">The token that followed, a document's end being end-of-text.</param>
/// <param name="After">Tokens behind that.</param>
/// <param name="Share">The part of the whole prediction that this place carries: the shares of all places add up to 1.</param>
/// <param name="EqualTokens">How many of the context's last tokens the place's last ones equal literally.</param>
public sealed record EvidenceQuote(
    MatchSource Source,
    QuotedDocument? Document,
    long Position,
    IReadOnlyList<int> Before,
    IReadOnlyList<int> Match,
    int NextToken,
    IReadOnlyList<int> After,
    double Share,
    int EqualTokens);

/// <summary>A document of a reference.</summary>
/// <param name="Reference">Which of the references.</param>
/// <param name="Shard">Which of its shards.</param>
/// <param name="Number">Number of the document within the shard.</param>
/// <param name="Name">Its path as the index keeps it and the line at which it begins, from 1; "document N" where the index has no metadata.</param>
public sealed record QuotedDocument(int Reference, int Shard, long Number, string Name);

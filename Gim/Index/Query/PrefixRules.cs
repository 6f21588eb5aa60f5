namespace Gim.Index.Query;

/// <summary>Where a match of a text may end: infini-gram's delim_ids and enforce_bow.</summary>
public sealed record PrefixRules
{
    /// <summary>Matches may end anywhere.</summary>
    public static PrefixRules None { get; } = new();

    /// <summary>Tokens that end a match: the first of them in it is its last token. Empty cuts nothing.</summary>
    public IReadOnlySet<int> Delimiters { get; init; } = new HashSet<int>();

    /// <summary>
    /// For every token of the text whether a word begins at it: a match is shortened until a word begins behind it, and in
    /// attribution begins only where a word does. The end of the text ends a word. Null lets matches cut words.
    /// </summary>
    public IReadOnlyList<bool>? WordStarts { get; init; }

    /// <summary>
    /// Length of a match after these rules: cut behind the first delimiter, then shortened to the end of a word.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where in it the match begins.</param>
    /// <param name="length">The tokens that match.</param>
    public int Cut(ReadOnlySpan<int> text, int start, int length)
    {
        if (Delimiters.Count > 0)
        {
            for (int i = 0; i < length; i++)
            {
                if (Delimiters.Contains(text[start + i]))
                {
                    length = i + 1;
                    break;
                }
            }
        }
        return CutWord(text.Length, start, length);
    }

    /// <summary>The second rule alone: the length that ends with a word.</summary>
    internal int CutWord(int textLength, int start, int length)
    {
        if (WordStarts is { } starts)
        {
            while (length > 0 && start + length < textLength && !starts[start + length])
                length--;
        }
        return length;
    }

    /// <summary>Whether an attributed span may begin at a token.</summary>
    public bool MayBegin(int start) => WordStarts is not { } starts || starts[start];

    internal void Check(int length)
    {
        if (WordStarts is { } starts && starts.Count != length)
            throw new ArgumentException($"{starts.Count} word starts for a text of {length} tokens", nameof(length));
    }
}

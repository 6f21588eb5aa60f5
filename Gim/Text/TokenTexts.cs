namespace Gim.Text;

/// <summary>Tokens as texts one by one, which together are the whole text.</summary>
public static class TokenTexts
{
    private const char Replacement = '\ufffd';

    // A character has at most four bytes, and a token at least one.
    private const int MostTokensOfCharacter = 4;

    /// <summary>
    /// The text of each token. Of a character that several tokens make together the first has all of it, the others nothing.
    /// </summary>
    /// <exception cref="InputException">A token is not one of the tokenizer's.</exception>
    public static string[] Of(Tokenizer tokenizer, ReadOnlySpan<int> tokens)
    {
        string[] texts = new string[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            texts[i] = Of(tokenizer, tokens[i]);
            if (!texts[i].Contains(Replacement))
                continue;
            for (int end = i + 2; end <= Math.Min(tokens.Length, i + MostTokensOfCharacter); end++)
            {
                string together = tokenizer.Decode(tokens[i..end]);
                if (together.Contains(Replacement))
                    continue;
                texts[i] = together;
                texts.AsSpan((i + 1)..end).Fill("");
                i = end - 1;
                break;
            }
        }
        return texts;
    }

    /// <summary>
    /// The text of one token. Decoded behind itself, because SentencePiece takes the first space off what it decodes.
    /// </summary>
    public static string Of(Tokenizer tokenizer, int token)
    {
        string one = tokenizer.Decode([token]), two = tokenizer.Decode([token, token]);
        return two.Length > one.Length && two.StartsWith(one, StringComparison.Ordinal) ? two[one.Length..] : one;
    }
}

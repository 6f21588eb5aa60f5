using System.Globalization;
using Gim.Text;

namespace Gim.Index.Query;

/// <summary>
/// For every token of a text whether a word begins at it, for <see cref="PrefixRules.WordStarts"/>: the token begins at a
/// whole character that is no letter, mark or digit, or whose neighbour before is none. So spaces and punctuation begin
/// words as well, and only the inside of a word does not. (The original asks for a list of tokens that begin words,
/// which cannot tell a word behind a bracket from the rest of a longer word.)
/// </summary>
public static class WordStarts
{
    // More tokens than bytes of a character: no group is cut open because it stays incomplete.
    private const int LongestGroup = 8;

    /// <summary>The word starts of tokens.</summary>
    /// <exception cref="InputException">A token is not one of the tokenizer's.</exception>
    public static bool[] Of(Tokenizer tokenizer, ReadOnlySpan<int> tokens)
    {
        bool[] starts = new bool[tokens.Length];
        bool afterWord = false;
        int next = 0;
        while (next < tokens.Length)
        {
            int end = GroupEnd(tokenizer, tokens, next, out string text);
            starts[next] = !(afterWord && BeginsWord(text));
            for (int i = next + 1; i < end; i++)
            {
                string before = tokenizer.Decode(tokens[next..i]);
                // Inside a group a token mostly begins in the middle of a character.
                starts[i] = text.StartsWith(before, StringComparison.Ordinal) && !(EndsWord(before) && BeginsWord(text[before.Length..]));
            }
            afterWord = EndsWord(text);
            next = end;
        }
        return starts;
    }

    /// <summary>The end of the fewest tokens from <paramref name="start"/> on that are whole characters.</summary>
    private static int GroupEnd(Tokenizer tokenizer, ReadOnlySpan<int> tokens, int start, out string text)
    {
        text = DocumentText.OfToken(tokenizer, tokens[start]);
        int single = start + 1;
        string first = text;
        for (int end = single; text.EndsWith('\ufffd'); end++)
        {
            if (end == tokens.Length || end - start == LongestGroup)
            {
                text = first;
                return single;
            }
            text = tokenizer.Decode(tokens[start..(end + 1)]);
            if (!text.EndsWith('\ufffd'))
                return end + 1;
        }
        return single;
    }

    private static bool BeginsWord(string text) => text.Length > 0 && IsWord(text, 0);

    private static bool EndsWord(string text)
        => text.Length > 0 && IsWord(text, text.Length > 1 && char.IsSurrogatePair(text[^2], text[^1]) ? text.Length - 2 : text.Length - 1);

    private static bool IsWord(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

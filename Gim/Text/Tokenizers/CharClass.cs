using System.Globalization;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>What the word-splitting patterns tell characters apart by: <c>\p{L}</c>, <c>\p{N}</c>, <c>\s</c> and the rest.</summary>
internal enum CharClass : byte
{
    /// <summary>Neither letter, number nor white space: <c>[^\s\p{L}\p{N}]</c>.</summary>
    Other,
    Letter,
    Number,
    Space,

    /// <summary>Half of a surrogate pair: only the whole code point has a class.</summary>
    Half,
}

/// <summary>
/// Classes of code points, not of UTF-16 units: a letter beyond the basic plane is a letter, as in the engines these
/// patterns were written for. White space is the Unicode property White_Space (U+0085 and U+00A0 are in it, U+001C..1F,
/// U+180E, U+200B and U+FEFF are not). Categories are those of the runtime's Unicode version.
/// </summary>
internal static class CharClasses
{
    private static readonly CharClass[] Basic = BuildBasic();

    /// <summary>Class of the code point at <paramref name="index"/>; <paramref name="width"/> is its length in chars.</summary>
    public static CharClass At(string text, int index, out int width)
    {
        CharClass found = Basic[text[index]];
        width = 1;
        return found == CharClass.Half ? OfHalf(text, index, out width) : found;
    }

    /// <summary>Index of the first code point from <paramref name="index"/> on that is not of class <paramref name="wanted"/>.</summary>
    public static int EndOfRun(string text, int index, CharClass wanted)
    {
        CharClass[] basic = Basic;
        while (index < text.Length)
        {
            CharClass found = basic[text[index]];
            if (found == wanted)
            {
                index++;
                continue;
            }
            if (found != CharClass.Half || OfHalf(text, index, out int width) != wanted) break;
            index += width;
        }
        return index;
    }

    /// <summary>A lone half stands for U+FFFD, a symbol, because that is what it is encoded as.</summary>
    private static CharClass OfHalf(string text, int index, out int width)
    {
        width = 1;
        if (index + 1 >= text.Length || !Rune.TryCreate(text[index], text[index + 1], out Rune rune)) return CharClass.Other;
        width = 2;
        return Of(Rune.GetUnicodeCategory(rune));
    }

    private static CharClass Of(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => CharClass.Letter,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharClass.Number,
        >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator => CharClass.Space,
        _ => CharClass.Other,
    };

    private static CharClass[] BuildBasic()
    {
        var basic = new CharClass[char.MaxValue + 1];
        for (int c = 0; c < basic.Length; c++)
            basic[c] = char.IsSurrogate((char)c) ? CharClass.Half : Of(CharUnicodeInfo.GetUnicodeCategory((char)c));
        foreach (char control in "\t\n\v\f\r\u0085") basic[control] = CharClass.Space;
        return basic;
    }
}

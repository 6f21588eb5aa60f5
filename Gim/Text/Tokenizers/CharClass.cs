using System.Globalization;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>What the word-splitting patterns tell characters apart by; sets of them are the patterns' classes.</summary>
[Flags]
internal enum CharClass : byte
{
    None = 0,

    /// <summary><c>[\p{Lu}\p{Lt}]</c></summary>
    Upper = 1,

    /// <summary><c>\p{Ll}</c></summary>
    Lower = 2,

    /// <summary><c>[\p{Lm}\p{Lo}]</c></summary>
    Caseless = 4,

    /// <summary><c>\p{N}</c></summary>
    Number = 8,

    /// <summary><c>\s</c></summary>
    Space = 16,

    /// <summary><c>\p{M}</c></summary>
    Mark = 32,

    /// <summary>Everything else: punctuation, symbols, controls, unassigned.</summary>
    Symbol = 64,

    /// <summary>Half of a surrogate pair: only the whole code point has a class.</summary>
    Half = 128,

    /// <summary><c>\p{L}</c></summary>
    Letter = Upper | Lower | Caseless,

    /// <summary><c>[^\s\p{L}\p{N}]</c></summary>
    Other = Mark | Symbol,
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

    /// <summary>Class of the code point at <paramref name="index"/>, <see cref="CharClass.None"/> at the end of the text.</summary>
    public static CharClass At(string text, int index) => index < text.Length ? At(text, index, out _) : CharClass.None;

    /// <summary>Index of the first code point from <paramref name="index"/> on that is in none of the classes of <paramref name="wanted"/>.</summary>
    public static int EndOfRun(string text, int index, CharClass wanted)
    {
        CharClass[] basic = Basic;
        while (index < text.Length)
        {
            CharClass found = basic[text[index]];
            if ((found & wanted) != 0)
            {
                index++;
                continue;
            }
            if (found != CharClass.Half || (OfHalf(text, index, out int width) & wanted) == 0) break;
            index += width;
        }
        return index;
    }

    /// <summary>A lone half stands for U+FFFD, a symbol, because that is what it is encoded as.</summary>
    private static CharClass OfHalf(string text, int index, out int width)
    {
        width = 1;
        if (index + 1 >= text.Length || !Rune.TryCreate(text[index], text[index + 1], out Rune rune)) return CharClass.Symbol;
        width = 2;
        return Of(Rune.GetUnicodeCategory(rune));
    }

    private static CharClass Of(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharClass.Upper,
        UnicodeCategory.LowercaseLetter => CharClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Caseless,
        >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark => CharClass.Mark,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharClass.Number,
        >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator => CharClass.Space,
        _ => CharClass.Symbol,
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

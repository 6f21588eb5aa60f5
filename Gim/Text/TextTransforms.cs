using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gim.Text;

/// <summary>
/// Text as a <see cref="TextTransform"/> changes it. <see cref="TextTransform.LowerCaseWithoutPunctuation"/> writes words
/// the way transcripts of speech do:
/// <list type="bullet">
/// <item>letters and numbers of all scripts stay, in lower case (invariant, one character for one), with the marks that follow them;</item>
/// <item>an apostrophe between two of them stays as <c>'</c>, whichever sign was used: <c>don't</c>, <c>o'clock</c>;</item>
/// <item>full stops of an abbreviation and commas before three digits close up: <c>U.S.</c> is <c>us</c>, <c>p.m.</c> is <c>pm</c>, <c>1,000</c> is <c>1000</c>;</item>
/// <item>invisible format characters, soft hyphens for one, close up as well;</item>
/// <item>all other characters, line breaks and hyphens too, are one space between words, however many there are.</item>
/// </list>
/// What it gives stays as it is when it is changed again.
/// </summary>
internal static class TextTransforms
{
    /// <summary>Applies a transform; time is linear in the text. The result is never longer than <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The transform is none of the enum's.</exception>
    public static string Apply(string text, TextTransform transform) => transform switch
    {
        TextTransform.None => text,
        TextTransform.LowerCaseWithoutPunctuation => Words(text),
        _ => throw new ArgumentOutOfRangeException(nameof(transform), transform, "is no text transform"),
    };

    private static string Words(string text)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(text.Length);
        var words = new WordWriter(buffer);
        for (int i = 0; i < text.Length;)
        {
            Rune rune = RuneAt(text, i, out int next);
            if (IsApostrophe(rune))
            {
                if (words.InWord && IsWord(RuneAt(text, next, out _)))
                    words.Apostrophe();
                else
                    words.Gap();
            }
            else if (IsWord(rune))
            {
                words.Append(rune);
            }
            else if (rune.Value == '.' && words.AfterSingleLetter && IsSingleLetter(text, next))
            {
                words.CloseUpAbbreviation();
            }
            else if (!(IsMark(rune) && words.TryAppendMark(rune)) && !IsFormat(rune)
                && !(rune.Value == ',' && words.AfterDigit && IsThousands(text, next)))
            {
                words.Gap();
            }
            i = next;
        }
        string result = new(buffer, 0, words.Length);
        ArrayPool<char>.Shared.Return(buffer);
        return result;
    }

    /// <summary>The character at <paramref name="index"/>; U+FFFD, a symbol, for half a surrogate pair and behind the end.</summary>
    private static Rune RuneAt(string text, int index, out int next)
    {
        if (index < text.Length && char.IsAscii(text[index]))
        {
            next = index + 1;
            return new Rune(text[index]);
        }
        Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int consumed);
        next = index + consumed;
        return rune;
    }

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '\u2019' or '\u02BC';

    private static bool IsWord(Rune rune)
        => rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : (Rune.IsLetter(rune) || Rune.IsNumber(rune)) && !IsApostrophe(rune);

    private static bool IsMark(Rune rune) => !rune.IsAscii
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsFormat(Rune rune) => !rune.IsAscii && Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    /// <summary>Whether one letter stands there that no other word character follows.</summary>
    private static bool IsSingleLetter(string text, int index)
        => RuneAt(text, index, out int next) is var rune && IsWord(rune) && Rune.IsLetter(rune) && !IsWord(RuneAt(text, next, out _));

    /// <summary>Whether three digits stand there and no fourth.</summary>
    private static bool IsThousands(string text, int index)
        => index + 3 <= text.Length && char.IsAsciiDigit(text[index]) && char.IsAsciiDigit(text[index + 1]) && char.IsAsciiDigit(text[index + 2])
            && !(index + 3 < text.Length && char.IsAsciiDigit(text[index + 3]));

    /// <summary>Writes words with one space between them. Never writes more than was read: a space stands for a character that was left out.</summary>
    private ref struct WordWriter(Span<char> buffer)
    {
        private readonly Span<char> buffer = buffer;
        private bool gap;
        private int letters;

        public int Length { get; private set; }

        public readonly bool InWord => !gap && Length > 0;

        /// <summary>Whether the word, or what follows its last closed-up full stop, is one letter so far.</summary>
        public readonly bool AfterSingleLetter => InWord && letters == 1;

        public readonly bool AfterDigit => InWord && char.IsAsciiDigit(buffer[Length - 1]);

        public void Gap() => gap = true;

        public void CloseUpAbbreviation() => letters = 0;

        public void Apostrophe() => buffer[Length++] = '\'';

        public void Append(Rune rune)
        {
            if (gap && Length > 0)
                buffer[Length++] = ' ';
            if (gap)
                letters = 0;
            gap = false;
            letters += Rune.IsLetter(rune) ? 1 : 2;
            Rune lower = Rune.ToLowerInvariant(rune);
            Write(lower.Utf16SequenceLength > rune.Utf16SequenceLength ? rune : lower);
        }

        /// <summary>Writes a mark behind a character that it can belong to; says whether there is one.</summary>
        public bool TryAppendMark(Rune mark)
        {
            if (InWord)
                Write(mark);
            return InWord;
        }

        private void Write(Rune rune) => Length += rune.EncodeToUtf16(buffer[Length..]);
    }
}

using System.Diagnostics;
using System.Text;
using Gim.Tests.Text.Sources;
using Gim.Tests.Text.Tokenizers;
using Gim.Text.Sources;
using Gim.Text;

namespace Gim.Tests.Text;

public class TextTransformsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("?!", "")]
    [InlineData("A", "a")]
    [InlineData(" \r\n Hello,\tWORLD!\n", "hello world")]
    [InlineData("Don't -- it’s o'clock", "don't it's o'clock")]
    [InlineData("'Twas the kids' 'em'", "twas the kids em")]
    [InlineData("a''b a'\u02bcb a' b a '", "a b a b a b a")]
    [InlineData("well-known chalk-\npit", "well known chalk pit")]
    [InlineData("The U.S. at 5 p.m., i.e. J.R.R. Tolkien in D.C.", "the us at 5 pm ie jrr tolkien in dc")]
    [InlineData("I.You ended.Then a.b.cd U..S", "i you ended then ab cd u s")]
    [InlineData("1,000,000 and 1,2,3 and 12,3456 and a,000", "1000000 and 1 2 3 and 12 3456 and a 000")]
    [InlineData("3.14 at 10:30, $5 & 20%", "3 14 at 10 30 5 20")]
    [InlineData("“Yes”—he said…‘no’", "yes he said no")]
    [InlineData("_emphasis_ <|endoftext|> {cg}", "emphasis endoftext cg")]
    [InlineData("ÉCOLE E\u0301cole ПРИВЕТ ΣΟΦΟΣ 中文。日本", "école e\u0301cole привет σοφοσ 中文 日本")]
    [InlineData("\u0301a \u0301b", "a b")]
    [InlineData("co\u00adoperate \ufeffx\u200dy", "cooperate xy")]
    [InlineData("a😀b ☃\ufe0f c", "a b c")]
    [InlineData("\U00010400x \ud801 y\udc00", "\U00010428x y")]
    public void Words_are_written_as_transcripts_write_them(string text, string expected)
        => Assert.Equal(expected, TextTransforms.Apply(text, TextTransform.LowerCaseWithoutPunctuation));

    [Fact]
    public void None_leaves_the_text_and_other_values_are_refused()
    {
        Assert.Equal(" A, b\n", TextTransforms.Apply(" A, b\n", TextTransform.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextTransforms.Apply("", (TextTransform)7));
    }

    [Fact]
    public void Any_text_gives_words_with_single_spaces_and_stays_so()
    {
        var random = new Random(42);
        for (int i = 0; i < 3000; i++)
        {
            string text = i % 2 == 0 ? RandomText.Mixed(random, random.Next(30)) : RandomText.AllPlanes(random, random.Next(30));
            if (i % 3 == 0)
                text = text.Insert(random.Next(text.Length + 1), ((char)(0xd800 + random.Next(0x800))).ToString());
            string words = TextTransforms.Apply(text, TextTransform.LowerCaseWithoutPunctuation);
            Assert.True(words.Length <= text.Length);
            Assert.Equal(words, words.Trim());
            Assert.DoesNotContain("  ", words, StringComparison.Ordinal);
            Assert.Equal(words, TextTransforms.Apply(words, TextTransform.LowerCaseWithoutPunctuation));
            Assert.All(words.EnumerateRunes(), rune => Assert.True(
                rune.Value is ' ' or '\'' || Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune) || IsMark(rune), $"U+{rune.Value:X}"));
            // Nothing that is a word character is lost: their number stays.
            Assert.Equal(WordCharacters(text), WordCharacters(words));
        }
    }

    [Fact]
    public void Time_is_linear_in_the_text()
    {
        // What would be slow if looking ahead or back were not bounded: runs of the characters that look around.
        foreach (string piece in new[] { "'", ".", ",", "a.", "1,", "\u0301", "\u00ad", "\ud800", "a'" })
        {
            string text = string.Concat(Enumerable.Repeat(piece, 1_000_000));
            long start = Stopwatch.GetTimestamp();
            TextTransforms.Apply(text, TextTransform.LowerCaseWithoutPunctuation);
            // A million pieces take some 20 ms; quadratic time would take minutes.
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), piece);
        }
    }

    [Fact]
    public void A_changed_source_says_so_and_leaves_out_documents_without_words()
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.txt", "One, TWO\n<|endoftext|>\n?!\n<|endoftext|>\nThree.\n<|endoftext|>\n...");
        var inner = new TextFileSource(path);
        var source = new TransformedSource(inner, TextTransform.LowerCaseWithoutPunctuation);
        var (documents, counts) = source.All();
        Assert.Equal(["one two", "three"], documents.Select(document => document.Text));
        Assert.Equal([0, 4], documents.Select(document => document.Line));
        Assert.Equal(2, counts.Skipped);
        Assert.Contains("skipped 2 documents because it has no word (first: a.txt line 3)", counts.Skips(), StringComparison.Ordinal);
        Assert.Equal(inner.TotalBytes, source.TotalBytes);
        Assert.NotEqual(inner.Fingerprint, source.Fingerprint);
        Assert.Contains(inner.Name, source.Name, StringComparison.Ordinal);

        var same = new TransformedSource(inner, TextTransform.None);
        Assert.Equal((inner.Name, inner.Fingerprint), (same.Name, same.Fingerprint));
        Assert.Equal(inner.Texts(), same.Texts());
    }

    [SharedDataFact]
    public void Transcripts_of_speech_are_as_good_as_unchanged()
    {
        string[] texts = new TextFileSource(SharedData.Path("text", "eval", "stories_train.txt")).Texts();
        Assert.Equal(98, texts.Length);
        int words = 0, same = 0;
        foreach (string text in texts)
        {
            string[] before = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            HashSet<string> after = [.. TextTransforms.Apply(text, TextTransform.LowerCaseWithoutPunctuation).Split(' ')];
            words += before.Length;
            same += before.Count(after.Contains);
        }
        // A few dozen of 180,000 have hyphens, brackets or an apostrophe at the end.
        Assert.True(words - same < words / 1000, $"{words - same} of {words}");
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
        or System.Globalization.UnicodeCategory.EnclosingMark;

    private static int WordCharacters(string text)
        => text.EnumerateRunes().Count(rune => rune.Value != 0x2bc && (Rune.IsLetter(rune) || Rune.IsNumber(rune)));
}

using System.Text;
using Gim.Index.Query;
using Gim.Text;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Index.Query;

/// <summary>Text of stretches whose tokens cut characters, and the words of a text.</summary>
public class DocumentTextTests
{
    private static readonly ByteTokenizer Bytes = new();

    [Theory]
    [InlineData(0, 1, 1, "", "é", "é")]
    [InlineData(2, 1, 2, "é", "é", "")]
    public void A_character_cut_at_the_matchs_ends_belongs_to_the_match(int needle, int length, int more, string before, string match, string after)
    {
        int[] tokens = Bytes.Encode("éé");
        DocumentText text = DocumentText.Of(Bytes, tokens, needle, length, cutBefore: false, cutAfter: false);
        Assert.Equal((before, match, after), (text.Before, text.Match, text.After));
        Assert.Equal(text, DocumentText.Of(Bytes, tokens, needle, more, cutBefore: false, cutAfter: false));
    }

    [Fact]
    public void Every_window_shows_whole_characters_only_and_all_of_the_match()
    {
        const string whole = "a€é😀b字😀z";
        int[] tokens = Bytes.Encode(whole);
        byte[] utf8 = Encoding.UTF8.GetBytes(whole);
        for (int start = 0; start <= tokens.Length; start++)
        {
            for (int end = start; end <= tokens.Length; end++)
            {
                for (int needle = start; needle <= end; needle++)
                {
                    for (int stop = needle; stop <= end; stop++)
                    {
                        DocumentText text = DocumentText.Of(Bytes, tokens.AsSpan(start..end), needle - start, stop - needle, start > 0, end < tokens.Length);
                        // Whole characters inside the window that lie before, in, and behind the match.
                        if (!IsBoundary(utf8, needle) && Floor(utf8, needle) < start || !IsBoundary(utf8, stop) && Ceiling(utf8, stop) > end)
                        {
                            // The match itself is cut at an end of the window.
                            Assert.DoesNotContain('\ufffd', text.Before + text.After);
                            continue;
                        }
                        int from = Ceiling(utf8, start), to = Math.Max(from, Floor(utf8, end));
                        int begin = Math.Clamp(Floor(utf8, needle), from, to), finish = needle == stop ? begin : Ceiling(utf8, stop);
                        Assert.Equal(
                            (Encoding.UTF8.GetString(utf8[from..begin]), Encoding.UTF8.GetString(utf8[begin..finish]), Encoding.UTF8.GetString(utf8[finish..to])),
                            (text.Before, text.Match, text.After));
                    }
                }
            }
        }
    }

    [Fact]
    public void What_is_no_text_in_the_document_itself_stays_visible()
    {
        Assert.Equal("\ufffda", DocumentText.Of(Bytes, [0x80, 'a'], 1, 1, cutBefore: false, cutAfter: false).ToString());
        Assert.Equal("a", DocumentText.Of(Bytes, [0x80, 'a'], 1, 1, cutBefore: true, cutAfter: false).ToString());
        Assert.Equal("\ufffda", DocumentText.Of(Bytes, [0x80, 'a'], 0, 1, cutBefore: true, cutAfter: false).ToString());
        Assert.Equal("", DocumentText.Of(Bytes, [], 0, 0, cutBefore: true, cutAfter: true).ToString());
    }

    [Fact]
    public void Several_matches_are_pieces_in_turn()
    {
        var pieces = DocumentText.Pieces(Bytes, Bytes.Encode("abcdefg"), [(1, 2), (2, 2), (6, 1)], cutBefore: true, cutAfter: true);
        Assert.Equal(["a", "bc", "", "d", "ef", "g", ""], pieces.Select(piece => piece.Text));
        Assert.Equal([false, true, false, true, false, true, false], pieces.Select(piece => piece.IsMatch));
        Assert.Equal(["ab"], DocumentText.Pieces(Bytes, Bytes.Encode("ab"), [], cutBefore: true, cutAfter: true).Select(piece => piece.Text));
    }

    [Fact]
    public void A_token_has_its_text()
    {
        var gpt2 = new Gpt2Tokenizer();
        Assert.Equal(" language", DocumentText.OfToken(gpt2, gpt2.Encode(" language")[0]));
        Assert.Equal("a", DocumentText.OfToken(Bytes, 'a'));
        Assert.Equal("\ufffd", DocumentText.OfToken(Bytes, 0xe2));
    }

    [Theory]
    [InlineData("the old river", "the| old| river")]
    [InlineData("(antidisestablishment) café", "(|antidisestablishment|)| café")]
    [InlineData("", "")]
    public void Words_begin_behind_what_is_no_letter(string text, string expected)
    {
        var gpt2 = new Gpt2Tokenizer();
        int[] tokens = gpt2.Encode(text);
        Assert.Equal(expected, Cut(gpt2, tokens, text.Length));
    }

    [Fact]
    public void Words_of_letters_that_are_several_tokens_begin_at_their_first()
    {
        int[] tokens = Bytes.Encode("é ça, 字a€x");
        bool[] starts = WordStarts.Of(Bytes, tokens);
        // By bytes: é (2), space, ç (2), a, comma, space, 字 (3), a, € (3), x.
        Assert.Equal([0, 2, 3, 6, 7, 8, 12, 15], Enumerable.Range(0, tokens.Length).Where(i => starts[i]));
        Assert.Equal([true, true], WordStarts.Of(Bytes, [0xe2, 0xe2]));
    }

    private static string Cut(Tokenizer tokenizer, int[] tokens, int length)
    {
        bool[] starts = WordStarts.Of(tokenizer, tokens);
        Assert.Equal(length == 0, starts.Length == 0);
        var text = new StringBuilder();
        int from = 0;
        for (int i = 1; i <= tokens.Length; i++)
        {
            if (i < tokens.Length && !starts[i])
                continue;
            text.Append(from == 0 ? "" : "|").Append(tokenizer.Decode(tokens.AsSpan(from..i)));
            from = i;
        }
        return text.ToString();
    }

    private static bool IsBoundary(byte[] utf8, int at) => at == utf8.Length || (utf8[at] & 0xc0) != 0x80;

    private static int Floor(byte[] utf8, int at)
    {
        while (!IsBoundary(utf8, at))
            at--;
        return at;
    }

    private static int Ceiling(byte[] utf8, int at)
    {
        while (!IsBoundary(utf8, at))
            at++;
        return at;
    }
}

using System.Text;
using System.Text.Json;
using Gim.Match;
using Gim.Predict;
using Gim.Report.Html;
using Gim.Text;

namespace Gim.Tests.Report.Html;

/// <summary>Texts that would like to be more than text: in a page's elements, attributes and data.</summary>
public sealed class HtmlTextTests
{
    public static TheoryData<string> Adversaries { get; } =
    [
        "", " ", "<script>alert(1)</script>", "</script><script>x", "<!--", "-->", "]]>", "&lt;&#60;&", "\"'`=<>", "a\u2028b\u2029c", "\u202eabc\u202c\u200f\u2066",
        "مرحبا", "👩‍💻🎉\U000e0041", "\0\a\u001b[31m\r\n\t\u0085\u00a0\u00ad\ufeff", "\ud800", "\udc00\ud800x", "a\ud83d", "\ufffe\uffff", "${x}{{x}}", new string('x', 10_000), "</SCRIPT ", "<\\/script>",
    ];

    [Theory]
    [MemberData(nameof(Adversaries), DisableDiscoveryEnumeration = true)]
    public void Visible_text_hides_nothing_and_is_read_alike_twice(string text)
    {
        string shown = VisibleText.Of(text);
        for (int i = 0; i < shown.Length; i++)
        {
            Assert.False(char.IsControl(shown[i]) || char.IsSurrogate(shown[i]) && !IsPaired(shown, i), $"character {i} of {shown}");
            Assert.DoesNotContain(shown[i], "\u202e\u202c\u200f\u2066\u2028\u2029\u200d\ufeff\u00ad");
        }
        Assert.Equal(shown, VisibleText.Of(shown));
        Assert.Equal(shown, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown)));
    }

    [Fact]
    public void What_cannot_be_seen_is_an_escape()
    {
        // Attributes would hold no lone surrogates.
        foreach (var (text, shown) in (ReadOnlySpan<(string, string)>)[
            ("abc", "abc"), ("a\nb\tc\rd", "a↵b⇥c\\u000dd"), ("\u202ex\ud800", "\\u202ex\\ud800"), ("\udc00🎉", "\\udc00🎉"), ("🎉\U000e0041🎉", "🎉\\u{e0041}🎉")])
        {
            Assert.Equal(shown, VisibleText.Of(text));
        }
    }

    [Fact]
    public void Shortened_text_is_cut_in_no_character()
    {
        Assert.Equal("ab…", VisibleText.Start("ab🎉c", 3));
        Assert.Equal("ab🎉…", VisibleText.Start("ab🎉c", 4));
        Assert.Equal("ab🎉c", VisibleText.Start("ab🎉c", 5));
        Assert.Equal("…c", VisibleText.End("ab🎉c", 2));
        Assert.Equal("…🎉c", VisibleText.End("ab🎉c", 3));
        Assert.Equal("ab🎉c", VisibleText.End("ab🎉c", 5));
    }

    [Theory]
    [MemberData(nameof(Adversaries), DisableDiscoveryEnumeration = true)]
    public void What_is_filled_into_markup_is_text(string text)
    {
        string element = Markup.Of($"<p title=\"{text}\">{text}</p>").ToString();
        string escaped = Markup.Escape(text);
        Assert.Equal($"<p title=\"{escaped}\">{escaped}</p>", element);
        Assert.Equal(-1, escaped.AsSpan().IndexOfAny("<>\"'"));
        Assert.Equal(text, System.Net.WebUtility.HtmlDecode(escaped));
        // Markup that was made here is not escaped again.
        Assert.Equal($"<div>{element}</div>", Markup.Of($"<div>{Markup.Of($"<p title=\"{text}\">{text}</p>")}</div>").ToString());
    }

    [Theory]
    [MemberData(nameof(Adversaries), DisableDiscoveryEnumeration = true)]
    public void Data_ends_no_script_and_says_what_was_put_in(string text)
    {
        var tokenizer = new TextsTokenizer(["a", text]);
        var quote = new ShownQuote(VisibleText.Of(text), "here", VisibleText.Of(text), "m", "n", "a");
        var prediction = new ShownPrediction(
            1, false, 0.25, MatchSource.Similarity, "because", [(1, 0.75), (0, 0.25)], 0, 0,
            [new SourceAnswer(MatchSource.Corpus, 3, 4, 1, 0.5, null), new SourceAnswer(MatchSource.Context, 0, 0, null, null, null)], 8, [quote, quote], 5, VisibleText.Of(text), "asked");
        string data = new ReportData(new TokenLabels(tokenizer)).Of("gim", [[prediction], [prediction, prediction]]);
        Assert.Equal(-1, data.AsSpan().IndexOfAny("<>&\u2028\u2029"));
        Assert.DoesNotContain(data, char.IsControl);

        JsonElement root = JsonDocument.Parse(data).RootElement;
        string shown = VisibleText.Of(TokenTexts.Of(tokenizer, 1));
        Assert.Equal([shown, "a"], root.GetProperty("tokens").EnumerateArray().Select(one => one.GetString()));
        // Names stand once.
        Assert.Equal([VisibleText.Of(text)], root.GetProperty("documents").EnumerateArray().Select(one => one.GetString()));
        JsonElement entry = root.GetProperty("passages")[1][1];
        Assert.Equal((0, 0.25, 2, 5), (entry.GetProperty("target").GetInt32(), entry.GetProperty("p").GetDouble(), entry.GetProperty("source").GetInt32(), entry.GetProperty("notShown").GetInt32()));
        Assert.Equal([0, 0.75, 1, 0.25], entry.GetProperty("top").EnumerateArray().Select(one => one.GetDouble()));
        Assert.Equal([1, 0, 0, -1, 0, -1], entry.GetProperty("answers")[1].EnumerateArray().Select(one => one.GetDouble()));
        Assert.Equal((0, VisibleText.Of(text)), (entry.GetProperty("quotes")[1][0].GetInt32(), entry.GetProperty("quotes")[1][2].GetString()));
    }

    [Fact]
    public void A_long_token_is_whole_in_the_data_and_short_in_the_page()
    {
        var tokenizer = new TextsTokenizer([new string('y', 10_000)]);
        var labels = new TokenLabels(tokenizer);
        var prediction = new ShownPrediction(0, true, 1, MatchSource.Context, "because", [(0, 1)], 0, 0, [], null, [], 0, "", "");
        Assert.Contains(new string('y', 10_000), new ReportData(labels).Of("gim", [[prediction]]), StringComparison.Ordinal);
        string html = new EvidenceMarkup(labels).Of(prediction).ToString();
        Assert.Contains(new string('y', 60) + "…", html, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('y', 61), html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_in_one_page_do_not_share_names()
    {
        const string svg = """
            <?xml version="1.0"?>
            <svg width="720" height="44.5" version="1.1"><defs><clipPath id="clipPath1"/></defs><g clip-path="url(#clipPath1)"/></svg>
            """;
        string inline = InlineSvg.Of(svg, "one", "a <title>").ToString();
        Assert.Equal("""<svg viewBox="0 0 720 44.5" role="img" aria-label="a &lt;title&gt;"><defs><clipPath id="one-clipPath1"/></defs><g clip-path="url(#one-clipPath1)"/></svg>""", inline);
        Assert.Throws<ArgumentException>(() => InlineSvg.Of("<p>", "one", "two"));
    }

    private static bool IsPaired(string text, int i)
        => (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));

    /// <summary>Tokens with texts as a test wants them.</summary>
    private sealed class TextsTokenizer(string[] texts) : Tokenizer
    {
        public override string Name => "test";

        public override int VocabularySize => texts.Length;

        public override int EndOfText => 0;

        public override string Hash => "";

        public override int[] Encode(string text) => throw new NotSupportedException();

        public override string Decode(ReadOnlySpan<int> tokens)
        {
            var all = new StringBuilder();
            foreach (int token in tokens)
                all.Append(texts[token]);
            return all.ToString();
        }
    }
}

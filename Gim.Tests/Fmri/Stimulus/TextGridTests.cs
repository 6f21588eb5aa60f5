using System.Text;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Stimulus;

public sealed class TextGridTests : IDisposable
{
    private static readonly TextGridInterval[] Phones = [new("sp", 0, 50)];

    private static readonly TextGridInterval[] Words =
    [
        new("sp", 0, 8), new("I", 8, 8.25), new("{cg}", 8.25, 9), new("naïve 🦊", 9, 10.5), new("{ns}", 10.5, 11), new("", 11, 12),
        new("said \"no\"", 12, 13.125), new("two\nlines", 13.125, 14), new("<exists>", 14, 15), new("5", 15, 16), new("!", 16, 17), new("x = \"", 17, 50),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private TextGrid Read(string text, Encoding? encoding = null)
    {
        string path = folder["story.TextGrid"];
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return TextGrid.Read(path);
    }

    [Theory]
    [InlineData("long")]
    [InlineData("short")]
    public void Both_formats_in_every_encoding_read_the_same(string format)
    {
        string text = format == "long" ? TextGridText.Long(("phone", Phones), ("word", Words)) : TextGridText.Short(("phone", Phones), ("word", Words));
        foreach (string lines in new[] { "\n", "\r\n", "\r" })
        {
            foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
            {
                TextGrid grid = Read(text.Replace("\n", lines, StringComparison.Ordinal), encoding);
                Assert.Equal(["phone", "word"], grid.Tiers.Select(tier => tier.Name));
                Assert.Equal(Phones, grid.Tiers[0].Intervals);
                Assert.Equal(Words.Select(word => word with { Text = word.Text.Replace("\n", lines, StringComparison.Ordinal) }), grid.WordTier().Intervals);
            }
        }
    }

    [Fact]
    public void Comments_the_older_short_format_and_point_tiers_are_read()
    {
        TextGrid grid = Read("""
            File type = "ooTextFile short"
            "TextGrid"
            0
            2.5   ! seconds
            <exists>
            2 tiers
            "TextTier" "clicks" 0 2.5 1   0.5 "bang"
            "IntervalTier" "Words" 0 2.5 2   0 1e0 "hello"  1 2.5 "there"
            """);
        Assert.False(grid.Tiers[0].IsIntervals);
        Assert.Equal([new("hello", 0, 1), new("there", 1, 2.5)], grid.WordTier().Intervals);
    }

    [Fact]
    public void The_word_tier_is_found_by_name_and_else_by_place()
    {
        Assert.Equal(Words, Read(TextGridText.Short(("Word ", Words), ("phone", Phones))).WordTier().Intervals);
        Assert.Equal(Words, Read(TextGridText.Short(("a", Phones), ("b", Words), ("c", Phones))).WordTier().Intervals);
        TextGrid one = Read(TextGridText.Short(("phone", Phones)));
        Assert.Equal($"{folder["story.TextGrid"]} has no tier 'word' (only a tier 'phone'); name the tier with the words 'word'", Errors.Of(() => one.WordTier()));
        TextGrid none = Read("\"ooTextFile\" \"TextGrid\" 0 1 <absent>");
        Assert.Contains("has no tier 'word' (no tier at all)", Errors.Of(() => none.WordTier()), StringComparison.Ordinal);
        TextGrid points = Read("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1 \"TextTier\" \"word\" 0 1 0");
        Assert.Contains("'word', holds points where intervals were expected", Errors.Of(() => points.WordTier()), StringComparison.Ordinal);
    }

    [Fact]
    public void Markers_go_and_words_become_small_letters_without_braces()
    {
        List<Word> words = TranscriptWords.Of(Read(TextGridText.Short(("phone", Phones), ("word",
        [
            new("sentence_start", 0, 1), new("Don't", 1, 2), new("{BR}", 2, 3), new("{cg}", 3, 4), new(" sp ", 4, 5), new("{ls)", 5, 6), new("  ", 6, 7), new("{}", 7, 8),
        ]))).WordTier());
        Assert.Equal([new Word("don't", 1, 2), new Word("cg", 3, 4), new Word("ls)", 5, 6)], words);
        Assert.Equal(1.5, words[0].Time);
    }

    [Theory]
    [InlineData("long")]
    [InlineData("short")]
    public void A_file_cut_anywhere_says_where_it_ends(string format)
    {
        (string, TextGridInterval[])[] tiers = [("phone", Phones), ("word", Words[..3])];
        string text = (format == "long" ? TextGridText.Long(tiers) : TextGridText.Short(tiers)).TrimEnd();
        string path = folder["story.TextGrid"];
        for (int length = 0; length < text.Length; length++)
        {
            string message = Errors.Of(() => Read(text[..length]));
            int lines = text.AsSpan(0, length).Count('\n') + 1;
            Assert.StartsWith($"{path} line ", message, StringComparison.Ordinal);
            Assert.InRange(int.Parse(message[(path.Length + 6)..].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture), 1, lines);
        }
        Assert.Equal(2, Read(text).Tiers.Count);
    }

    [Theory]
    [InlineData("long")]
    [InlineData("short")]
    public void A_lost_line_is_an_error_or_held_nothing(string format)
    {
        TextGridInterval[] words = [.. Words.Where(word => !word.Text.Contains('\n', StringComparison.Ordinal))];
        (string, TextGridInterval[])[] tiers = [("phone", Phones), ("word", words)];
        string[] lines = (format == "long" ? TextGridText.Long(tiers) : TextGridText.Short(tiers)).Split('\n');
        for (int lost = 0; lost < lines.Length; lost++)
        {
            string rest = string.Join('\n', lines.Where((_, line) => line != lost));
            string line = lines[lost].TrimEnd();
            if (line.Length == 0 || line[^1] == ':')
                Assert.Equal(words, Read(rest).WordTier().Intervals);
            else
                Assert.StartsWith(folder["story.TextGrid"], Errors.Of(() => Read(rest)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"ooTextFile\" \"Pitch\" 0 1", "line 1: the file holds 'Pitch'; expected a TextGrid file")]
    [InlineData("\"Praat chronological TextGrid text file\" 0 1", "line 1: the file type is 'Praat chronological TextGrid text file'; expected")]
    [InlineData("\n\nnothing", "line 3: the file ends where the file type \"ooTextFile\" (a text in quotes) was expected")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> -1", "-1 is no possible value for the number of tiers")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1.5", "1.5 is no possible value for the number of tiers")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 2000000000", "2000000000 is no possible value for the number of tiers")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 0 \"more\"", "'more' where the end of the file was expected")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1\n\"IntervalTier\" \"word\" 0 1 1\n0.5 0.25 \"a\"", "line 3: interval 1 of tier 'word' lies from 0.5 to 0.25 s")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1\n\"IntervalTier\" \"word\" 0 1 2\n0.5 0.75 \"a\"\n0.25 0.5 \"b\"", "line 4: interval 2 of tier 'word' lies from 0.25")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1\n\"IntervalTier\" \"word\" 0 1 1\n0 --undefined-- \"a\"", "line 3: 'a' where the end of interval 1 of tier 'word' (a number) was expected")]
    [InlineData("\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1\n\"IntervalTier\" \"word\" 0 1 1\n0 1 \"a", "line 3: a text has no closing quote")]
    public void What_is_wrong_is_said_in_one_line(string text, string message) => Assert.Contains(message, Errors.Of(() => Read(text)), StringComparison.Ordinal);

    [Fact]
    public void Files_that_are_no_text_or_not_there_are_errors()
    {
        string path = folder["a.TextGrid"];
        Assert.StartsWith($"{path} was not found; expected a TextGrid file", Errors.Of(() => TextGrid.Read(path)), StringComparison.Ordinal);
        Assert.StartsWith($"{folder.Path} is a folder; expected a TextGrid file", Errors.Of(() => TextGrid.Read(folder.Path)), StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. "ooBinaryFile"u8, 8, 0, 255]);
        Assert.Contains("is a binary TextGrid", Errors.Of(() => TextGrid.Read(path)), StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. "\"ooTextFile\"\n\"caf"u8, 0xE9, (byte)'"']);
        Assert.StartsWith($"{path} line 2 is not UTF-8", Errors.Of(() => TextGrid.Read(path)), StringComparison.Ordinal);
        File.WriteAllBytes(path, [0xFF, 0xFE, (byte)'"', 0, (byte)'o']);
        Assert.StartsWith($"{path} line 1 is not UTF-16", Errors.Of(() => TextGrid.Read(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_never_end_in_another_error()
    {
        byte[] whole = Encoding.UTF8.GetBytes(TextGridText.Long(("phone", Phones), ("word", Words)));
        var random = new Random(42);
        string path = folder["story.TextGrid"];
        for (int trial = 0; trial < 500; trial++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i <= trial % 4; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                TextGrid.Read(path).WordTier();
            }
            catch (InputException error)
            {
                Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            }
        }
    }
}

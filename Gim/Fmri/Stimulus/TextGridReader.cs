using System.Globalization;
using Gim.Config;

namespace Gim.Fmri.Stimulus;

/// <summary>
/// Reads Praat's text formats, the long and the short one alike: only quoted texts, numbers and flags that stand free count,
/// whatever names stand before them. Everything is checked where it stands, so that a file cut short or edited ends in one
/// line that says where.
/// </summary>
internal sealed class TextGridReader
{
    private const long LongestFile = 1 << 30;
    private const string Expected = "a TextGrid file as Praat saves it (\"Save as text file\" or \"as short text file\")";

    private readonly string path;
    private readonly TextGridTokens tokens;

    /// <exception cref="InputException">The file cannot be read.</exception>
    public TextGridReader(string path)
    {
        this.path = Quote.OneLine(path);
        byte[] bytes = DataFile.ReadAll(path, Expected, LongestFile);
        if (bytes.AsSpan().StartsWith("ooBinaryFile"u8))
            throw new InputException($"{this.path} is a binary TextGrid; expected {Expected}");
        tokens = new TextGridTokens(TextGridCharacters.Decode(bytes, this.path), this.path);
    }

    /// <exception cref="InputException">The file is not as the format says.</exception>
    public TextGrid Read()
    {
        string type = Text("the file type \"ooTextFile\"");
        if (type is not ("ooTextFile" or "ooTextFile short"))
            throw Wrong($"the file type is {Quote.Of(type)}");
        string kind = Text("\"TextGrid\"");
        if (kind != "TextGrid")
            throw Wrong($"the file holds {Quote.Of(kind)}");
        Number("the start of the sound");
        Number("the end of the sound");
        bool hasTiers = Flag();
        int count = hasTiers ? Count("the number of tiers") : 0;
        var tiers = new List<TextGridTier>();
        for (int i = 1; i <= count; i++)
            tiers.Add(Tier(i));
        if (tokens.Next() is not TextGridToken.End)
            throw Cut($"{tokens.Shown} where the end of the file was expected; a number of tiers or intervals is too small");
        return new TextGrid(path, tiers);
    }

    private TextGridTier Tier(int number)
    {
        string what = $"tier {number}";
        string kind = Text($"the class of {what}");
        bool intervals = kind == "IntervalTier";
        if (!intervals && kind != "TextTier")
            throw Cut($"{what} is of the class {Quote.Of(kind)} where \"IntervalTier\" or \"TextTier\" was expected");
        string name = Text($"the name of {what}");
        what = $"tier {Quote.Of(name)}";
        Number($"the start of {what}");
        Number($"the end of {what}");
        int count = Count($"the number of {(intervals ? "intervals" : "points")} of {what}");
        var found = new List<TextGridInterval>();
        double before = double.NegativeInfinity;
        for (int i = 1; i <= count; i++)
        {
            double start = Number($"the time of {(intervals ? "interval" : "point")} {i} of {what}");
            double end = intervals ? Number($"the end of interval {i} of {what}") : start;
            if (start < before || end < start)
                throw Cut($"interval {i} of {what} lies from {start:R} to {end:R} s, behind one that starts at {before:R} s, where times that grow were expected");
            before = start;
            string text = Text($"the text of {(intervals ? "interval" : "point")} {i} of {what}");
            if (intervals)
                found.Add(new TextGridInterval(text, start, end));
        }
        return new TextGridTier(name, intervals, found);
    }

    private string Text(string what)
        => tokens.Next() == TextGridToken.Text ? tokens.Text : throw Missing($"{what} (a text in quotes)");

    private double Number(string what)
        => tokens.Next() == TextGridToken.Number ? tokens.Number : throw Missing($"{what} (a number)");

    private bool Flag()
        => tokens.Next() == TextGridToken.Flag && tokens.Text is "exists" or "absent" ? tokens.Text == "exists" : throw Missing("\"<exists>\"");

    private int Count(string what)
    {
        double number = Number(what);
        // Each thing counted takes characters.
        if (number < 0 || number != Math.Floor(number) || number > tokens.Remaining)
            throw Cut($"{number.ToString("R", CultureInfo.InvariantCulture)} is no possible value for {what}");
        return (int)number;
    }

    private InputException Missing(string what) => Cut(tokens.AtEnd ? $"the file ends where {what} was expected" : $"{tokens.Shown} where {what} was expected");

    private InputException Cut(string problem) => new($"{path} line {tokens.Line}: {problem}; is it cut short or edited? fetch it or export it from Praat again");

    private InputException Wrong(string problem) => new($"{path} line {tokens.Line}: {problem}; expected {Expected}");
}

using System.Globalization;
using Gim.Config;

namespace Gim.Fmri.Stimulus;

internal enum TextGridToken
{
    /// <summary>Nothing is left.</summary>
    End,

    /// <summary>Characters in quotes, a quote among them doubled.</summary>
    Text,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A word in angle brackets.</summary>
    Flag,
}

/// <summary>
/// The free-standing values of a Praat text file, by the rules of Praat's manual ("TextGrid file formats"): names, equals
/// signs and anything in square brackets are passed over, and so is the rest of a line behind <c>!</c>.
/// </summary>
internal sealed class TextGridTokens(string characters, string path)
{
    private int position;
    private int line = 1;

    /// <summary>The 1-based line at which the last value starts.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The last text, its quotes taken off, or the last flag.</summary>
    public string Text { get; private set; } = "";

    public double Number { get; private set; }

    /// <summary>The last value as a message shows it.</summary>
    public string Shown { get; private set; } = "";

    public bool AtEnd { get; private set; }

    /// <summary>Characters not yet read.</summary>
    public int Remaining => characters.Length - position;

    /// <exception cref="InputException">A text has no closing quote.</exception>
    public TextGridToken Next()
    {
        while (position < characters.Length)
        {
            char c = characters[position];
            if (c == '\n' || (c == '\r' && !(position + 1 < characters.Length && characters[position + 1] == '\n')))
                line++;
            if (char.IsWhiteSpace(c))
            {
                position++;
                continue;
            }
            Line = line;
            switch (c)
            {
                case '"':
                    ReadText();
                    return TextGridToken.Text;
                case '!':
                    SkipUntil('\n');
                    continue;
                case '[':
                    SkipUntil(']');
                    continue;
            }
            string word = Word();
            if (word.Length > 2 && word[0] == '<' && word[^1] == '>')
            {
                Text = word[1..^1];
                Shown = Quote.Of(word);
                return TextGridToken.Flag;
            }
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                Number = number;
                Shown = word;
                return TextGridToken.Number;
            }
        }
        Line = line;
        AtEnd = true;
        Shown = "the end of the file";
        return TextGridToken.End;
    }

    private void ReadText()
    {
        int start = ++position;
        while (true)
        {
            int quote = characters.IndexOf('"', position);
            if (quote < 0)
                throw new InputException($"{path} line {Line}: a text has no closing quote; is the file cut short or edited? fetch it or export it from Praat again");
            line += characters.AsSpan(position, quote - position).Count('\n');
            position = quote + 1;
            if (position == characters.Length || characters[position] != '"')
                break;
            position++;
        }
        Text = characters[start..(position - 1)].Replace("\"\"", "\"", StringComparison.Ordinal);
        Shown = Quote.Of(Text);
    }

    /// <summary>The characters up to the next white space.</summary>
    private string Word()
    {
        int start = position;
        while (position < characters.Length && !char.IsWhiteSpace(characters[position]))
            position++;
        return characters[start..position];
    }

    /// <summary>Goes behind the character, or to the end of the line, which is left to be counted.</summary>
    private void SkipUntil(char last)
    {
        while (position < characters.Length && characters[position] is not ('\n' or '\r') && characters[position] != last)
            position++;
        if (position < characters.Length && characters[position] == last && last != '\n')
            position++;
    }
}

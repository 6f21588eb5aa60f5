using Gim.Config;
using Gim.Text;

namespace Gim.Fmri.Stimulus;

/// <summary>
/// A story as one CSV file: a line of names, then a line for each TR with a column <c>text</c>, which holds the words heard in
/// it, and, where wanted, columns of numbers. Words are taken in lower case without punctuation and are spread evenly over
/// their TR.
/// </summary>
internal static class PlainStory
{
    private const string TextColumn = "text";

    /// <param name="name">The story's name.</param>
    /// <param name="path">Its file.</param>
    /// <param name="seconds">From one TR to the next.</param>
    /// <exception cref="InputException">The file cannot be read, has no column of text, or another field is no finite number.</exception>
    public static Story Read(string name, string path, double seconds)
    {
        const string expected = "a CSV file with a column 'text' and a line for each TR";
        using var csv = new CsvTable(path, expected);
        path = Quote.OneLine(path);
        csv.RequireNames();
        int text = Array.FindIndex(csv.Header, column => column.Trim().Equals(TextColumn, StringComparison.OrdinalIgnoreCase));
        if (text < 0)
        {
            string columns = string.Join(", ", csv.Header.Take(5).Select(Quote.Of));
            throw new InputException($"{path} has no column '{TextColumn}' (it has {columns}); name the one with the words of each TR so");
        }
        var texts = new List<string>();
        var values = new List<float>();
        while (csv.NextRow())
        {
            texts.Add(TextTransforms.Apply(csv.Text(text), TextTransform.LowerCaseWithoutPunctuation));
            for (int column = 0; column < csv.Header.Length; column++)
            {
                if (column != text)
                    values.Add(csv.FiniteNumber(column));
            }
        }
        if (texts.Count == 0)
            throw new InputException($"{path} has no TR below its line of names; expected {expected}");
        var grid = TrGrid.Whole(texts.Count, seconds);
        LabelTable? labels = csv.Header.Length == 1
            ? null
            : new LabelTable(path, [.. csv.Header.Where((_, column) => column != text)], new Matrix(texts.Count, csv.Header.Length - 1, [.. values]));
        return new Story(name, Spread(texts, grid), grid, labels);
    }

    /// <summary>Words of a TR share its time.</summary>
    private static List<Word> Spread(List<string> texts, TrGrid grid)
    {
        var words = new List<Word>();
        for (int tr = 0; tr < texts.Count; tr++)
        {
            string[] inside = texts[tr].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < inside.Length; i++)
                words.Add(new Word(inside[i], At(grid, tr, i, inside.Length), At(grid, tr, i + 1, inside.Length)));
        }
        return words;
    }

    private static double At(TrGrid grid, int tr, int part, int parts)
        => part == parts ? grid.Start(tr + 1) : grid.Start(tr) + grid.Seconds * part / parts;
}

using Gim.Config;

namespace Gim.Fmri.Stimulus;

/// <summary>Numbers that somebody gave for each TR of a story after trimming, say answers to questions about its text.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Columns">What each column tells.</param>
/// <param name="Values">[TRs after trimming, columns], finite.</param>
internal sealed record LabelTable(string Path, IReadOnlyList<string> Columns, Matrix Values)
{
    /// <summary>Reads a CSV file of numbers under one line of names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <exception cref="InputException">The file cannot be read, has another number of rows, or a field is no finite number.</exception>
    public static LabelTable Read(string path, int rows)
    {
        const string expected = "a CSV file with a line of names and a line of numbers for each TR";
        using var csv = new CsvTable(path, expected);
        path = Quote.OneLine(path);
        csv.RequireNames();
        var values = new List<float>();
        int found = 0;
        while (csv.NextRow())
        {
            found++;
            for (int column = 0; column < csv.Header.Length; column++)
                values.Add(csv.FiniteNumber(column));
        }
        if (found != rows)
            throw new InputException($"{path} has {found} rows below its names where the story has {rows} TRs after trimming; give one row for each");
        return new LabelTable(path, csv.Header, new Matrix(rows, csv.Header.Length, [.. values]));
    }
}

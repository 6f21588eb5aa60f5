using Gim.Config;

namespace Gim.Fmri.Responses;

/// <summary>
/// Responses as a CSV file of numbers, a line for each TR; a first line with a field that is no number gives names and is
/// passed over. The file is held in memory.
/// </summary>
internal sealed class CsvResponseFile : IResponseFile
{
    private readonly MatrixResponses values;

    private CsvResponseFile(Matrix values) => this.values = new MatrixResponses(values);

    public int Rows => values.Rows;

    public int Columns => values.Columns;

    /// <exception cref="InputException">The file cannot be read, or a field is no number.</exception>
    public static CsvResponseFile Read(string path)
    {
        const string expected = "a CSV file of numbers with a line for each TR";
        using var csv = new CsvTable(path, expected);
        int columns = csv.Header.Length, rows = 0;
        bool named = false;
        for (int column = 0; column < columns && !named; column++)
            named = !csv.TryNumber(column, out _);
        if (named) csv.RequireNames();
        var values = new List<float>();
        if (!named || csv.NextRow())
        {
            do
            {
                rows++;
                for (int column = 0; column < columns; column++)
                    values.Add(csv.Number(column));
            }
            while (csv.NextRow());
        }
        if (rows == 0)
            throw new InputException($"{Quote.OneLine(path)} has no line of numbers; expected {expected}");
        return new CsvResponseFile(new Matrix(rows, columns, [.. values]));
    }

    public void Read(int first, int count, Span<float> destination) => values.Read(first, count, destination);

    public void Dispose()
    {
    }
}

using System.Globalization;
using CsvHelper;
using Gim.Config;
using Gim.Files;

namespace Gim.Fmri;

/// <summary>A CSV file read record by record; what cannot be used ends in one line that names file, line and column.</summary>
internal sealed class CsvTable : IDisposable
{
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private readonly string path;
    private readonly CsvReader csv;

    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be.</param>
    /// <exception cref="InputException">It cannot be opened or is empty.</exception>
    public CsvTable(string path, string expected)
    {
        FileStream file = InputFile.Open(path, expected);
        this.path = Quote.OneLine(path);
        csv = CsvReader.Create(file, Options, false);
        try
        {
            if (!Next())
                throw new InputException($"{this.path} is empty; expected {expected}");
            Header = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
        }
        catch
        {
            csv.Dispose();
            throw;
        }
    }

    /// <summary>The fields of the first record, which is the current one until <see cref="NextRow"/>.</summary>
    public string[] Header { get; }

    /// <summary>The 1-based line at which the current record starts.</summary>
    public long Line => csv.LineNumber;

    /// <summary>Goes to the next record, which must have as many fields as the first.</summary>
    /// <exception cref="InputException">It is malformed or has another number of fields.</exception>
    public bool NextRow()
    {
        if (!Next())
            return false;
        if (csv.FieldCount != Header.Length)
        {
            throw new InputException(
                $"{path} line {Line} has {csv.FieldCount} columns where line 1 has {Header.Length}; is the file cut short? give every line as many");
        }
        return true;
    }

    public string Text(int column) => csv.GetString(column);

    /// <summary>Whether a field is a number with a decimal point; "nan" and infinities are, "0,5" and "1,000" are not.</summary>
    public bool TryNumber(int column, out float number) => float.TryParse(csv.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Refuses a column without a name: the number of each line, as some programs write it first, is no data.</summary>
    /// <exception cref="InputException">There is one.</exception>
    public void RequireNames()
    {
        int column = Array.FindIndex(Header, name => string.IsNullOrWhiteSpace(name));
        if (column >= 0)
            throw new InputException($"{path} line 1: column {column + 1} has no name; is it a number of lines that a program wrote along? remove it (pandas: index=False), or give it a name");
    }

    /// <exception cref="InputException">The field is no number.</exception>
    public float Number(int column)
    {
        if (TryNumber(column, out float number))
            return number;
        throw new InputException(
            $"{path} line {Line}: column {Name(column)} holds {Quote.Of(csv.GetString(column))} where a number was expected; write numbers as 1.5 or 2e-3");
    }

    /// <exception cref="InputException">The field is no number, NaN or infinite.</exception>
    public float FiniteNumber(int column)
    {
        float number = Number(column);
        if (float.IsFinite(number))
            return number;
        throw new InputException($"{path} line {Line}: column {Name(column)} is {number} where a finite number was expected; put a number there or leave the column out");
    }

    public void Dispose() => csv.Dispose();

    private string Name(int column) => $"{column + 1} ({Quote.Of(Header[column])})";

    private bool Next()
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException problem)
        {
            string where = problem.LineNumber > 0 ? $" line {problem.LineNumber}" : "";
            throw new InputException($"{path}{where} is no CSV: {Quote.OneLine(problem.Message.TrimEnd('.'))}; is a quote missing?", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {Quote.OneLine(problem.Message.TrimEnd('.'))}; fetch or copy it again", problem);
        }
    }
}

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

    /// <summary>Whether a field is a number; "nan" and infinities are.</summary>
    public bool TryNumber(int column, out float number) => csv.TryParse(column, out number);

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

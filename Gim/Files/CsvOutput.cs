using CsvHelper;

namespace Gim.Files;

/// <summary>Writes a table of comma-separated values, whole or not at all.</summary>
internal static class CsvOutput
{
    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    /// <param name="path">The file, replaced where it exists.</param>
    /// <param name="columns">The first line.</param>
    /// <param name="rows">Writes the others.</param>
    /// <exception cref="InputException">The place cannot be written to.</exception>
    public static void Write(string path, IReadOnlyList<string> columns, Action<CsvWriter> rows)
    {
        using OutputFile file = OutputFile.Create(path);
        using (CsvWriter csv = CsvWriter.Create(file.Stream, Options, true))
        {
            csv.WriteRecord([.. columns]);
            rows(csv);
        }
        file.Commit();
    }

    /// <summary>A field for each value, empty where there is none, and the line's end.</summary>
    public static void WriteValues(this CsvWriter csv, params ReadOnlySpan<double?> values)
    {
        foreach (double? value in values)
        {
            if (value is { } number) csv.WriteField(number);
            else csv.WriteField("");
        }
        csv.EndRecord();
    }
}

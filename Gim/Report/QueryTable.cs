using Spectre.Console;

namespace Gim.Report;

/// <summary>Tables of answers. Cells are plain text: a token may be a bracket, which in markup would be an error.</summary>
internal static class QueryTable
{
    // One long query would widen the column of all.
    private const int LongestCell = 100;

    /// <param name="console">Where to.</param>
    /// <param name="columns">Headings; one that begins with '#' is of numbers, at the right.</param>
    /// <param name="rows">Cells, as many a row as there are headings.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        foreach (string column in columns)
        {
            bool number = column.StartsWith('#');
            TableColumn heading = new TableColumn(new Spectre.Console.Text(number ? column[1..] : column)).PadLeft(0);
            table.AddColumn(number ? heading.RightAligned().NoWrap() : heading);
        }
        foreach (IReadOnlyList<string> row in rows)
            table.AddRow(row.Select(cell => new Spectre.Console.Text(cell.Length <= LongestCell ? cell : ShownText.Line(cell, LongestCell))));
        console.Write(table);
    }

    /// <summary>A probability of a count: "0.7500".</summary>
    public static string Probability(double? probability) => probability is { } p ? $"{p:F4}" : "";
}

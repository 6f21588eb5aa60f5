using System.Globalization;
using Gim.Explain;
using Gim.Match;
using Gim.Predict;
using Gim.Text;
using Spectre.Console;

namespace Gim.Report;

/// <summary>A generated text for people: coloured by source, and what was copied from where.</summary>
internal sealed class GenerationText(Tokenizer tokenizer, IAnsiConsole console)
{
    private const int MostDocuments = 8;

    private bool Ansi => console.Profile.Capabilities.Ansi;

    /// <param name="prompt">What was given.</param>
    /// <param name="promptTokens">The same as tokens.</param>
    /// <param name="written">What was written.</param>
    /// <param name="summary">What of it was copied.</param>
    /// <param name="ended">Why it ended before its time; null where it did not.</param>
    /// <param name="evidence">Whether each token's place is shown.</param>
    public void Write(string prompt, int[] promptTokens, IReadOnlyList<GeneratedToken> written, CopySummary summary, string? ended, bool evidence)
    {
        int[] tokens = [.. written.Select(one => one.Token)];
        string[] texts = TokenTexts.Of(tokenizer, tokens);
        var text = new Paragraph(Printed(prompt), new Style(decoration: Decoration.Bold));
        for (int i = 0; i < tokens.Length; i++)
            text.Append(Printed(texts[i]), Ansi ? new Style(TokenTable.SourceColor(written[i].Source)) : Style.Plain);
        console.Write(text);
        console.WriteLine();
        console.WriteLine();
        if (evidence)
            WriteEvidence(promptTokens, written, texts);
        WriteSummary(tokens, summary, ended);
    }

    private void WriteEvidence(int[] promptTokens, IReadOnlyList<GeneratedToken> written, string[] texts)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        foreach (string column in (string[])["#", "token", "probability", "source", "matched", "places", "from"])
        {
            // Only the last may wrap: with none, all would be cut in a narrow terminal.
            TableColumn heading = new TableColumn(new Spectre.Console.Text(column)).PadLeft(0);
            heading.NoWrap = column != "from";
            table.AddColumn(column is "#" or "probability" or "matched" or "places" ? heading.RightAligned() : heading);
        }
        for (int i = 0; i < written.Count; i++)
        {
            GeneratedToken one = written[i];
            table.AddRow(
                Cell($"{promptTokens.Length + i}"), Cell(ShownText.Token(texts[i])), Cell(Percent(one.Probability)), Cell(SourceNames.Of(one.Source)),
                Cell(one.Source == MatchSource.Similarity ? "-" : $"{one.EffectiveN}"), Cell($"{one.Places:N0}"), Cell(From(one)));
        }
        console.Write(table);
    }

    private string From(GeneratedToken one)
    {
        if (one.Quote is not { } quote)
            return "no match";
        QuotedText text = QuotedText.Of(tokenizer, quote);
        string where = quote.Document is { } document ? $"{ShownText.LineEnd(document.Name, 30)}, token {quote.Position:N0}" : $"this text, token {quote.Position:N0}";
        return $"{where}: {ShownText.LineEnd(text.Match, 24)}{{{ShownText.Line(text.Next, 16)}}}{(one.GoesOn ? " (goes on)" : "")}";
    }

    private void WriteSummary(int[] tokens, CopySummary summary, string? ended)
    {
        string end = ended is null ? "" : $"; {ended}";
        string sources = string.Join(", ", summary.BySource.OrderBy(one => one.Key).Select(one => $"{SourceNames.Of(one.Key)} {Percent((double)one.Value / summary.Tokens)}"));
        console.WriteLine($"{summary.Tokens:N0} {(summary.Tokens == 1 ? "token" : "tokens")}{end}.{(sources.Length > 0 ? $" By source: {sources}." : "")}");
        if (summary.Longest is not { } longest)
        {
            if (summary.Tokens > 0)
                console.WriteLine($"No passage of {summary.Shortest} tokens or more was copied.");
            return;
        }
        ReadOnlySpan<int> copied = tokens.AsSpan(longest.Start, Math.Min(longest.Length, tokens.Length - longest.Start));
        console.Write(new Paragraph($"Longest passage copied: {longest.Length:N0} tokens from {Name(longest.Document)}, token {longest.Position:N0}: {ShownText.Line(tokenizer.Decode(copied), 200)}\n"));
        console.WriteLine($"Copied in passages of {summary.Shortest} tokens and more: {Percent((double)summary.Copied / summary.Tokens)} of the text, from");
        foreach (var (document, count) in summary.ByDocument.Take(MostDocuments))
            console.Write(new Paragraph($"  {Percent((double)count / summary.Tokens),7}  {Name(document)}\n"));
        if (summary.ByDocument.Count > MostDocuments)
            console.WriteLine($"  {summary.ByDocument.Count - MostDocuments:N0} more documents");
    }

    private static string Name(QuotedDocument? document) => document is null ? "this text itself" : ShownText.Line(document.Name, 100);

    /// <summary>Text over its own lines; other control characters as escapes.</summary>
    private static string Printed(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => ShownText.Line(line)));

    private static Spectre.Console.Text Cell(string text) => new(text);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}

using System.Globalization;
using Gim.Explain;
using Gim.Index.Query;
using Gim.Match;
using Gim.Predict;
using Gim.Text;
using Spectre.Console;

namespace Gim.Report;

/// <summary>An explanation for people: what comes next, who says so and why, and the text it was taken from.</summary>
internal sealed class ExplanationText(Tokenizer tokenizer, IAnsiConsole console)
{
    // The last tokens of the context, shown beside the windows that the fuzzy head found alike.
    private const int AskedTokens = 12;

    private bool Ansi => console.Profile.Capabilities.Ansi;

    public void Write(Explanation explanation, int top)
    {
        ReadOnlySpan<int> context = explanation.Context.Span;
        QuotedText asked = Asked(context, 40);
        console.Write(new Paragraph("after ").Append(ShownText.LineEnd(asked.Before + asked.Match, 300), Ansi ? new Style(decoration: Decoration.Bold) : Style.Plain).Append(context.IsEmpty ? "(nothing)\n" : "\n"));
        WriteTop(explanation.Prediction, top);
        console.WriteLine(Why(explanation));
        if (explanation.Answers.Count > 0)
            WriteAnswers(explanation);
        WriteQuotes(explanation);
    }

    /// <summary>In a sentence, who answered and what its answer rests on.</summary>
    public static string Why(Explanation explanation)
    {
        NextTokens prediction = explanation.Prediction;
        if (prediction.Tokens.IsEmpty)
            return $"{explanation.Model}: nothing is known, every token is equally likely.";
        string places = Count(explanation.Places, "place");
        string what = explanation.Source switch
        {
            MatchSource.Corpus when explanation.Context.IsEmpty => $"there is no text to match; what is counted are all {Count(explanation.Places, "token")} of the reference",
            MatchSource.Corpus when prediction.EffectiveN == 0 => $"not even the last token occurs in the reference; what is counted are all its {Count(explanation.Places, "token")}",
            MatchSource.Corpus => $"{Last(prediction.EffectiveN)} at {places} in the reference",
            MatchSource.Context => $"{Last(prediction.EffectiveN)} at {places} earlier in the context",
            _ => $"{Count(explanation.Places, "earlier position")} voted, each by how alike its context and the whole one are",
        };
        string rule = explanation.Threshold is { } threshold && explanation.Answers.Count > 0
            ? $" (a match is trusted from {threshold} tokens on)"
            : "";
        return $"{explanation.Model} answers by {SourceNames.Of(explanation.Source)}: {what}{rule}.";
    }

    private static string Last(int tokens) => tokens == 1 ? "the last token stands" : $"the last {tokens:N0} tokens stand";

    private void WriteTop(NextTokens prediction, int top)
    {
        Table table = NewTable("next token", "#probability");
        foreach (var (token, probability) in prediction.Top(top))
            table.AddRow(Cell(TokenText(token)), Cell(Percent(probability)));
        if (prediction.Tokens.Length > top)
            table.AddRow(Cell($"{Count(prediction.Tokens.Length - top, "other token")}"), Cell(Percent(1 - prediction.Top(top).Sum(one => one.Probability))));
        console.Write(table);
    }

    private void WriteAnswers(Explanation explanation)
    {
        bool confident = explanation.Threshold is null;
        Table table = confident
            ? NewTable("source", "#matched", "#places", "answer", "#probability", "#right before")
            : NewTable("source", "#matched", "#places", "answer", "#probability");
        foreach (SourceAnswer answer in explanation.Answers)
        {
            string mark = answer.Source == explanation.Source ? "> " : "  ";
            List<Spectre.Console.Text> row =
            [
                Cell(mark + SourceNames.Of(answer.Source)),
                Cell(answer.Source == MatchSource.Similarity ? "-" : $"{answer.EffectiveN:N0}"),
                Cell($"{answer.Places:N0}"),
                Cell(answer.Token is { } token ? TokenText(token) : "none"),
                Cell(answer.Probability is { } probability ? Percent(probability) : ""),
            ];
            if (confident)
                row.Add(Cell(answer.Confidence is { } confidence ? Percent(confidence) : ""));
            table.AddRow(row);
        }
        console.Write(table);
        if (confident)
            console.WriteLine("right before: how often answers of that kind were right on held-out text; the highest speaks.");
    }

    private void WriteQuotes(Explanation explanation)
    {
        if (explanation.Quotes.Count == 0)
            return;
        console.WriteLine();
        bool fuzzy = explanation.Source == MatchSource.Similarity;
        string hidden = explanation.NotShown > 0 ? $", {explanation.NotShown:N0} not shown" : "";
        console.WriteLine($"evidence: {Count(explanation.Places, fuzzy ? "vote" : "place")}{hidden}; {(Ansi ? "the match is green, what followed yellow" : "[match]{what followed}")}");
        if (fuzzy)
        {
            QuotedText asked = Asked(explanation.Context.Span, AskedTokens);
            console.WriteLine("  the context ends with");
            console.Write(new Paragraph($"    {ShownText.LineEnd(asked.Match, 400)}\n"));
        }
        foreach (EvidenceQuote quote in explanation.Quotes)
        {
            console.Write(new Paragraph($"  {Where(quote, explanation)}\n", Ansi ? new Style(Color.Grey) : Style.Plain));
            console.Write(ShownText.Quoted(QuotedText.Of(tokenizer, quote), Ansi));
            console.WriteLine();
        }
    }

    /// <summary>Where a quote stands and what it is worth.</summary>
    public static string Where(EvidenceQuote quote, Explanation explanation)
    {
        string share = $"{Percent(quote.Share)} of the answer";
        if (quote.Document is { } document)
            return $"{ShownText.Line(document.Name, 200)}, token {quote.Position:N0}, {share}";
        string back = $"{Count(explanation.Context.Length - quote.Position, "token")} back";
        return quote.Source == MatchSource.Similarity
            ? $"{back}, {share}{(quote.EqualTokens > 0 ? $", the last {(quote.EqualTokens == 1 ? "token" : Count(quote.EqualTokens, "token"))} the same" : "")}"
            : $"{back} in the context, {share}";
    }

    /// <summary>The end of the context: its last tokens as the match, what is before them before it.</summary>
    private QuotedText Asked(ReadOnlySpan<int> context, int last)
    {
        ReadOnlySpan<int> shown = context[^Math.Min(context.Length, 2 * last)..];
        int start = Math.Max(0, shown.Length - last);
        IReadOnlyList<TextPiece> pieces = DocumentText.Pieces(tokenizer, shown, [(start, shown.Length - start)], cutBefore: context.Length > shown.Length, cutAfter: false);
        return new QuotedText(pieces[0].Text, pieces[1].Text, "", "");
    }

    private string TokenText(int token) => ShownText.Token(TokenTexts.Of(tokenizer, token));

    private Table NewTable(params ReadOnlySpan<string> columns)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        foreach (string column in columns)
        {
            bool number = column.StartsWith('#');
            TableColumn heading = new TableColumn(Cell(number ? column[1..] : column)).NoWrap().PadLeft(0);
            table.AddColumn(number ? heading.RightAligned() : heading);
        }
        return table;
    }

    // Cells are plain text: a token may be a bracket, which in markup would be an error.
    private static Spectre.Console.Text Cell(string text) => new(text);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static string Count(long count, string what) => $"{count:N0} {what}{(count == 1 ? "" : "s")}";
}

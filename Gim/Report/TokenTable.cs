using System.Globalization;
using Gim.Explain;
using Gim.Match;
using Gim.Predict;
using Gim.Text;
using Spectre.Console;

namespace Gim.Report;

/// <summary>Every token of a text with what was predicted in its place and from where; above it the text itself, coloured by source where there are colours.</summary>
internal sealed class TokenTable(Tokenizer tokenizer, IAnsiConsole console)
{
    private const string Evidence = "strongest evidence";

    /// <param name="tokens">The text.</param>
    /// <param name="explanations">Of each of its tokens, from those before it.</param>
    public void Write(ReadOnlySpan<int> tokens, IReadOnlyList<Explanation> explanations)
    {
        if (console.Profile.Capabilities.Ansi)
            WriteText(tokens, explanations);
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        foreach (string column in (string[])["#", "token", "probability", "predicted", "probability", "source", "matched", "places", Evidence])
        {
            bool number = column is "#" or "probability" or "matched" or "places";
            TableColumn heading = new TableColumn(new Spectre.Console.Text(column)).PadLeft(0);
            // Only the last may wrap: with none, all would be cut in a narrow terminal.
            heading.NoWrap = column != Evidence;
            table.AddColumn(number ? heading.RightAligned() : heading);
        }
        int right = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            NextTokens prediction = explanations[i].Prediction;
            bool isRight = prediction.Best == tokens[i] && !prediction.IsFlat;
            right += isRight ? 1 : 0;
            table.AddRow(
                Cell($"{i}"),
                Cell((isRight ? "+ " : "  ") + TokenText(tokens[i])),
                Cell(Percent(prediction.ProbabilityOf(tokens[i]))),
                Cell(prediction.IsFlat ? "nothing known" : isRight ? "=" : TokenText(prediction.Best)),
                Cell(prediction.IsFlat ? "" : Percent(prediction.ProbabilityOf(prediction.Best))),
                Cell(SourceNames.Of(prediction.Source)),
                Cell(prediction.Source == MatchSource.Similarity ? "-" : $"{prediction.EffectiveN}"),
                Cell($"{explanations[i].Places:N0}"),
                Cell(Strongest(explanations[i])));
        }
        console.Write(table);
        console.WriteLine($"{right:N0} of {tokens.Length:N0} tokens predicted (+); {string.Join(", ", explanations.CountBy(one => SourceNames.Of(one.Source)).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value:N0}"))}.");
    }

    private void WriteText(ReadOnlySpan<int> tokens, IReadOnlyList<Explanation> explanations)
    {
        var text = new Paragraph();
        string[] texts = TokenTexts.Of(tokenizer, tokens);
        for (int i = 0; i < tokens.Length; i++)
        {
            bool isRight = explanations[i].Prediction.Best == tokens[i];
            text.Append(ShownText.Line(texts[i], 200), new Style(SourceColor(explanations[i].Source), decoration: isRight ? Decoration.Underline : Decoration.None));
        }
        console.Write(text);
        console.WriteLine();
        var key = new Paragraph("underlined: predicted; ");
        foreach (MatchSource source in (MatchSource[])[MatchSource.Corpus, MatchSource.Context, MatchSource.Similarity])
            key.Append(SourceNames.Of(source) + " ", new Style(SourceColor(source)));
        console.Write(key);
        console.WriteLine();
    }

    /// <summary>The colour of a source, in every picture the same.</summary>
    public static Color SourceColor(MatchSource source) => source switch
    {
        MatchSource.Corpus => Color.Blue,
        MatchSource.Context => Color.Green,
        _ => Color.Yellow,
    };

    private string Strongest(Explanation explanation)
    {
        if (explanation.Quotes.Count == 0)
            return "";
        EvidenceQuote quote = explanation.Quotes[0];
        QuotedText text = QuotedText.Of(tokenizer, quote);
        string place = quote.Document is { } document ? $"{ShownText.LineEnd(document.Name, 30)} " : "";
        return $"{place}{ShownText.LineEnd(text.Match, 24)}{{{ShownText.Line(text.Next, 16)}}}";
    }

    private string TokenText(int token) => ShownText.Token(TokenTexts.Of(tokenizer, token));

    private static Spectre.Console.Text Cell(string text) => new(text);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}

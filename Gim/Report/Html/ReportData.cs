using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Gim.Match;
using Gim.Predict;

namespace Gim.Report.Html;

/// <summary>
/// The evidence of a page's passages as JSON inside a script element: names and tokens' texts stand once and are named by number. No
/// character that ends the element, or a line of a script, stands in it as it is.
/// </summary>
internal sealed class ReportData(TokenLabels labels)
{
    // Letters of every script as they are; markup, controls and what is no character as escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly Dictionary<string, int> documents = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> tokens = [];
    private readonly List<string> documentNames = [], tokenTexts = [];

    /// <summary>The data of passages.</summary>
    /// <param name="model">Who predicted.</param>
    /// <param name="passages">The predictions of each.</param>
    public string Of(string model, IReadOnlyList<IReadOnlyList<ShownPrediction>> passages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            WriteTexts(json, "sources", Enum.GetValues<MatchSource>().Select(SourceNames.Of));
            json.WriteStartArray("passages");
            foreach (IReadOnlyList<ShownPrediction> passage in passages)
            {
                json.WriteStartArray();
                foreach (ShownPrediction prediction in passage)
                    Write(json, prediction);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            WriteTexts(json, "documents", documentNames);
            WriteTexts(json, "tokens", tokenTexts);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, ShownPrediction prediction)
    {
        json.WriteStartObject();
        json.WriteNumber("target", Token(prediction.Target));
        json.WriteBoolean("right", prediction.Right);
        WriteShare(json, "p", prediction.TargetProbability);
        json.WriteNumber("source", (int)prediction.Source);
        json.WriteString("why", prediction.Why);
        json.WriteString("before", prediction.Before);
        json.WriteStartArray("top");
        foreach (var (token, probability) in prediction.Top)
        {
            json.WriteNumberValue(Token(token));
            json.WriteNumberValue(Round(probability));
        }
        json.WriteEndArray();
        if (prediction.Others > 0)
        {
            json.WriteNumber("others", prediction.Others);
            WriteShare(json, "rest", prediction.OthersProbability);
        }
        if (prediction.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
        WriteAnswers(json, prediction);
        WriteQuotes(json, prediction);
        json.WriteEndObject();
    }

    /// <summary>Of each answer: source, effective n, places, token or -1, probability, confidence or -1.</summary>
    private void WriteAnswers(Utf8JsonWriter json, ShownPrediction prediction)
    {
        if (prediction.Answers.Count == 0)
            return;
        json.WriteStartArray("answers");
        foreach (SourceAnswer answer in prediction.Answers)
        {
            json.WriteStartArray();
            json.WriteNumberValue((int)answer.Source);
            json.WriteNumberValue(answer.EffectiveN);
            json.WriteNumberValue(answer.Places);
            json.WriteNumberValue(answer.Token is { } token ? Token(token) : -1);
            json.WriteNumberValue(Round(answer.Probability ?? 0));
            json.WriteNumberValue(answer.Confidence is { } confidence ? Round(confidence) : -1);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Of each quote: document or -1, where, before, match, next, after.</summary>
    private void WriteQuotes(Utf8JsonWriter json, ShownPrediction prediction)
    {
        if (prediction.Quotes.Count == 0)
            return;
        if (prediction.IsFuzzy) json.WriteString("asked", prediction.Asked);
        json.WriteStartArray("quotes");
        foreach (ShownQuote quote in prediction.Quotes)
        {
            json.WriteStartArray();
            json.WriteNumberValue(quote.Document is { } name ? Number(documents, documentNames, name, name) : -1);
            foreach (string text in (ReadOnlySpan<string>)[quote.Where, quote.Before, quote.Match, quote.Next, quote.After])
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        if (prediction.NotShown > 0) json.WriteNumber("notShown", prediction.NotShown);
    }

    private int Token(int token) => Number(tokens, tokenTexts, token, labels.Whole(token));

    private static int Number<T>(Dictionary<T, int> numbers, List<string> texts, T key, string text) where T : notnull
    {
        if (!numbers.TryGetValue(key, out int number))
        {
            numbers[key] = number = texts.Count;
            texts.Add(text);
        }
        return number;
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double share) => json.WriteNumber(name, Round(share));

    private static double Round(double share) => Math.Round(share, 4);
}

using System.Text.Json.Nodes;
using Gim.Explain;
using Gim.Progress;
using Gim.Report;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The command <c>generate</c>: text that goes on after a prompt, with where it comes from.</summary>
internal static class GenerateCommand
{
    /// <param name="request">The model and the prompt.</param>
    /// <param name="count">Tokens to write.</param>
    /// <param name="settings">How they are drawn.</param>
    /// <param name="evidence">Whether each token's place is shown.</param>
    public static int Run(ModelRequest request, int count, SamplingSettings settings, bool evidence) => CommandGuard.Run(request.Quiet, (log, cancellation) =>
    {
        string prompt = request.Read();
        using GimModel model = request.Open(log, cancellation);
        int[] ids = model.Tokenizer.Encode(prompt);
        using GimSession session = model.Begin(request.Model);
        session.Append(ids);
        var generator = new TextGenerator(session, model, settings, new QuoteLimits(Quotes: 1));
        var written = new List<GeneratedToken>();
        string? ended = null;
        using (IJobProgress progress = log.Start("generating", count, "tokens"))
        {
            while (written.Count < count && ended is null && !cancellation.IsCancellationRequested)
            {
                GeneratedToken? next = generator.Next();
                if (next is null)
                    ended = "nothing is known to go on with";
                else if (next.Token == model.Tokenizer.EndOfText)
                    ended = "the text ends here";
                else
                    written.Add(next);
                progress.Advance(1);
            }
        }
        // What was written before the stop is the answer.
        if (cancellation.IsCancellationRequested)
            ended = "stopped";
        CopySummary summary = CopySummary.Of(written, generator.Spans);
        if (request.Json)
        {
            string lines = string.Concat(Lines(model.Tokenizer, prompt, written, summary, ended).Select(line => ExplanationJson.Line(line) + "\n"));
            return () => Console.Out.Write(lines);
        }
        return HeldOutput.Of(JobRunner.ResultConsole(), console => new GenerationText(model.Tokenizer, console).Write(prompt, ids, written, summary, ended, evidence));
    });

    private static IEnumerable<JsonObject> Lines(
        Tokenizer tokenizer, string prompt, List<GeneratedToken> written, CopySummary summary, string? ended)
    {
        var json = new ExplanationJson(tokenizer);
        for (int i = 0; i < written.Count; i++)
            yield return json.Of(written[i], i);
        yield return ExplanationJson.Of(summary, prompt, tokenizer.Decode([.. written.Select(one => one.Token)]), ended);
    }
}

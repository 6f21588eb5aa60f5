using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Explain;
using Gim.Files;
using Gim.Progress;
using Gim.Report;

namespace Gim.Jobs;

/// <summary>What is asked of a config's model, and how.</summary>
/// <param name="Config">The config file, of task lm.</param>
/// <param name="Text">The text, or null.</param>
/// <param name="File">A file with the text, or null; "-" is standard input.</param>
/// <param name="Model">Which of the config's models; null for its own choice.</param>
/// <param name="Overrides">As of --set.</param>
/// <param name="Device">As of --device.</param>
/// <param name="Json">Whether the answer is JSON.</param>
/// <param name="Quiet">Whether progress is not shown.</param>
internal sealed record ModelRequest(
    string Config, string? Text, string? File, string? Model, IReadOnlyList<string> Overrides, string? Device, bool Json, bool Quiet)
{
    /// <summary>The config's model, opened.</summary>
    public GimModel Open(IJobLog log, CancellationToken cancellation)
    {
        LoadedConfig loaded = ConfigReader.Read(Config, Overrides, Device);
        return loaded.Config is LanguageModelConfig lm
            ? GimModel.Open(lm, log, cancellation)
            : throw new InputException($"{Config} is of another task; a model is described by a config of task \"lm\", such as configs/lm.json");
    }

    /// <summary>The text that is asked about.</summary>
    /// <exception cref="InputException">There is none, or it cannot be read.</exception>
    public string Read()
    {
        if (Text is not null && File is not null)
            throw new InputException("the text is given twice; write it behind the config or name a file with --file, not both");
        if (Text is not null)
            return Text;
        return File is { } file
            ? TextFile.ReadAll(file)
            : throw new InputException("the text is missing; write it in quotes behind the config, or name a file with --file");
    }
}

/// <summary>The command <c>explain</c>: the next token of a text, or every token of it, with the evidence.</summary>
internal static class ExplainCommand
{
    /// <param name="request">What is asked.</param>
    /// <param name="tokens">Whether every token of the text is explained, each from those before it.</param>
    /// <param name="top">Tokens of the distribution that are shown.</param>
    /// <param name="quotes">Places of the evidence that are shown.</param>
    public static int Run(ModelRequest request, bool tokens, int top, int quotes) => CommandGuard.Run(request.Quiet, (log, cancellation) =>
    {
        string text = request.Read();
        using GimModel model = request.Open(log, cancellation);
        var limits = new QuoteLimits(Quotes: quotes);
        int[] ids = model.Tokenizer.Encode(text);
        if (tokens)
            return Every(request, model, ids, limits, top, log, cancellation);
        Explanation explanation = model.Explain(ids, limits, request.Model);
        if (request.Json)
        {
            JsonObject line = new ExplanationJson(model.Tokenizer).Of(explanation, top);
            line.Insert(0, "text", text);
            return () => Console.Out.WriteLine(ExplanationJson.Line(line));
        }
        return HeldOutput.Of(JobRunner.ResultConsole(), console => new ExplanationText(model.Tokenizer, console).Write(explanation, top));
    });

    private static Action Every(
        ModelRequest request, GimModel model, int[] ids, QuoteLimits limits, int top, IJobLog log, CancellationToken cancellation)
    {
        if (ids.Length == 0)
            throw new InputException("the text is empty; there is no token to explain");
        var lines = new StringBuilder();
        var json = new ExplanationJson(model.Tokenizer);
        var explained = new List<Explanation>();
        using (GimSession session = model.Begin(request.Model))
        using (IJobProgress progress = log.Start("explaining", ids.Length, "tokens"))
        {
            for (int i = 0; i < ids.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Explanation explanation = session.Explain(limits);
                session.Append(ids.AsSpan(i, 1));
                progress.Advance(1);
                if (!request.Json)
                {
                    explained.Add(explanation);
                    continue;
                }
                JsonObject line = json.Of(explanation, top);
                line.Insert(0, "position", i);
                line.Insert(1, "target", json.Token(ids[i], explanation.Prediction.ProbabilityOf(ids[i])));
                line.Insert(2, "right", explanation.Prediction.Best == ids[i] && !explanation.Prediction.IsFlat);
                lines.AppendLine(ExplanationJson.Line(line));
            }
        }
        if (request.Json)
        {
            string all = lines.ToString();
            return () => Console.Out.Write(all);
        }
        return HeldOutput.Of(JobRunner.ResultConsole(), console => new TokenTable(model.Tokenizer, console).Write(ids, explained));
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Evaluate;
using Gim.Predict;
using Gim.Progress;
using Gim.Report;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>Task <c>lm</c>: reference corpora and test text in, scored predictions and their summary out.</summary>
internal static class LanguageModelJob
{
    public static LanguageModelSummary Run(
        LanguageModelConfig config, string effectiveJson, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        int threads = DeviceChoice.Threads(config.Threads);
        Tokenizer tokenizer = TokenizerFactory.Create(config.Tokenizer);
        string cache = config.Cache ?? throw new InvalidOperationException("The config has no cache folder.");
        var own = new OwnFolders(folder.Path, cache);
        // Before the corpora, whose building may take long: a wrong path should be said at once.
        IDocumentSource test = SourceFactory.Create(config.Test, own);
        if (config.Consecutive > config.Stride)
        {
            throw new InputException(
                $"\"consecutive\" {config.Consecutive:N0} is more than \"stride\" {config.Stride:N0}: some targets would be taken twice; raise stride to at least consecutive");
        }
        using ModelParts parts = ModelParts.Open(config, tokenizer, own, threads, log, cancellation);
        TestText text = TestText.Read(test, tokenizer, threads, log, cancellation);
        ExampleSet examples = ExampleSet.Draw(
            text, config.Context, config.Stride, config.Consecutive, config.CrossDocuments, config.Examples, config.Seed);
        if (examples.Count < config.Examples)
            log.Warn($"the test text offers {examples.Count:N0} examples where {config.Examples:N0} were asked for; all are taken");

        parts.ChooseRule(threads, log, cancellation);
        INextTokenPredictor[] predictors = [.. parts.Models.Select(parts.Predictor)];
        string fingerprint = Fingerprint(effectiveJson, parts, text);
        folder.Begin(effectiveJson, [PredictionsFile.FileName, ThresholdReport.TableName, ThresholdReport.PlotName, .. LanguageModelReport.Files]);
        if (parts.Threshold?.Table is { } table) ThresholdReport.Write(folder, table);
        using PredictionsFile file = PredictionsFile.Open(folder.Path, fingerprint, parts.Models);
        ModelScoreSum[] sums = [.. parts.Models.Select(name => new ModelScoreSum(name, tokenizer.VocabularySize, config.Perplexity ? config.Smoothing : null))];
        var report = new LanguageModelReport(config, parts, text, examples, threads);
        using TopProbabilities tops = TopProbabilities.Open(folder.Path, file.Kept.Count);
        Add([.. file.Kept.Select((row, i) => row with { TopProb = tops.Kept[i] })]);
        if (file.DroppedOther)
            log.Warn("an interrupted run with other settings or text had left predictions here; they are dropped");
        int resumed = file.Kept.Count / sums.Length;
        if (resumed > 0)
            log.Info($"going on after {resumed:N0} of {examples.Count:N0} examples, which an interrupted run left");

        var evaluation = new LanguageModelEvaluation(text, examples, predictors, config.Context, parts.Similarity?.Fuzzy);
        int done = resumed;
        try
        {
            using IJobProgress progress = log.Start("predicting", examples.Count - resumed, "examples");
            evaluation.Run(
                resumed,
                threads,
                rows =>
                {
                    tops.Append(rows.Select(row => row.TopProb));
                    file.Append(rows);
                    Add(rows);
                    done += rows.Length / sums.Length;
                },
                progress,
                cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Info($"stopped after {done:N0} of {examples.Count:N0} examples; the same command goes on from there");
            throw;
        }
        catch (InputException)
        {
            file.Discard();
            tops.Remove();
            throw;
        }

        file.Commit();
        tops.Remove();
        var summary = new LanguageModelSummary(
            "lm",
            parts.Device?.Description.Choice ?? "cpu",
            threads,
            tokenizer.Name,
            new ReferenceSummary(parts.Corpora.Documents, parts.Corpora.Tokens),
            new TestSummary(text.DocumentCount, text.TokenCount, examples.Count, examples.Available, TargetInContext(text, examples, config.Context)),
            parts.Similarity?.Summary(parts.Threshold, parts.Rule),
            [.. sums.Select((sum, model) => sum.Score(evaluation.ExamplesPerSecond(model)))],
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            resumed);
        folder.WriteSummary(summary);
        try
        {
            report.Write(folder, effectiveJson, summary, log, cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Info("stopped while the report was made; predictions and summary are complete");
            throw;
        }
        return summary;

        void Add(PredictionScore[] rows)
        {
            for (int i = 0; i < rows.Length; i++)
                sums[i % sums.Length].Add(rows[i]);
            report.Figures.Add(rows);
        }
    }

    private static double TargetInContext(TestText text, ExampleSet examples, int context)
    {
        ReadOnlySpan<int> tokens = text.Tokens.Span;
        int found = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            int target = (int)examples[i].Position;
            if (tokens.Slice(target - context, context).Contains(tokens[target]))
                found++;
        }
        return (double)found / examples.Count;
    }

    /// <summary>
    /// Of everything that decides a row; how fast it is computed does not, nor where, except that devices round the weights
    /// of the fuzzy head each in its own way.
    /// </summary>
    private static string Fingerprint(string effectiveJson, ModelParts parts, TestText text)
    {
        JsonObject config = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in (string[])["device", "threads", "output", "cache"])
            config.Remove(key);
        string all = string.Join(
            "\n", config.ToJsonString(), parts.Corpora.Fingerprint, parts.Tokenizer.Hash, text.Hash, string.Join(",", parts.Models), parts.Device?.Description.Choice,
            parts.Similarity?.Hash, parts.Threshold?.Value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }
}

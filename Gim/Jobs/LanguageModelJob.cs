using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Match;
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
        string[] models = ModelsThatCanRun(config, tokenizer, log);
        using Device? device = models.Any(NeedsSimilarity) ? DeviceChoice.Open(config.Device, threads) : null;
        if (device is null) DeviceChoice.Require(config.Device);
        else log.Info($"device: {device.Description}");
        using SimilarityModel? similarity = device is null ? null : SimilarityModel.Open(config, device, tokenizer);
        if (similarity is not null) log.Info($"similarity model: {similarity}");
        string cache = config.Cache ?? throw new InvalidOperationException("The config has no cache folder.");
        var own = new OwnFolders(folder.Path, cache);
        // Before the corpora, whose building may take long: a wrong path should be said at once.
        IDocumentSource test = SourceFactory.Create(config.Test, own);
        if (config.Consecutive > config.Stride)
        {
            throw new InputException(
                $"\"consecutive\" {config.Consecutive:N0} is more than \"stride\" {config.Stride:N0}: some targets would be taken twice; raise stride to at least consecutive");
        }
        using var corpora = ReferenceCorpora.Open(config.Reference, tokenizer, own, threads, log, cancellation);
        TestText text = TestText.Read(test, tokenizer, threads, log, cancellation);
        ExampleSet examples = ExampleSet.Draw(
            text, config.Context, config.Stride, config.Consecutive, config.CrossDocuments, config.Examples, config.Seed);
        if (examples.Count < config.Examples)
            log.Warn($"the test text offers {examples.Count:N0} examples where {config.Examples:N0} were asked for; all are taken");

        ConfidenceTable? confidence = models.Contains(ModelNames.Gim) ? RuleChoice.Confidence(config, similarity!, log) : null;
        ThresholdChoice? threshold = models.Contains(ModelNames.Gim) && confidence is null
            ? ThresholdChoice.Make(config, similarity!, corpora, tokenizer, threads, log, cancellation)
            : null;
        INextTokenPredictor[] predictors = [.. models.Select(name => CreatePredictor(name, config, corpora, tokenizer, similarity, threshold, confidence))];
        string fingerprint = Fingerprint(effectiveJson, corpora, tokenizer, text, models, device, similarity, threshold);
        folder.Begin(effectiveJson, PredictionsFile.FileName, ThresholdReport.TableName, ThresholdReport.PlotName);
        if (threshold?.Table is { } table) ThresholdReport.Write(folder, table);
        using PredictionsFile file = PredictionsFile.Open(folder.Path, fingerprint, models);
        ModelScoreSum[] sums = [.. models.Select(name => new ModelScoreSum(name, tokenizer.VocabularySize, config.Perplexity ? config.Smoothing : null))];
        Add(sums, file.Kept);
        if (file.DroppedOther)
            log.Warn("an interrupted run with other settings or text had left predictions here; they are dropped");
        int resumed = file.Kept.Count / sums.Length;
        if (resumed > 0)
            log.Info($"going on after {resumed:N0} of {examples.Count:N0} examples, which an interrupted run left");

        var evaluation = new LanguageModelEvaluation(text, examples, predictors, config.Context, similarity?.Fuzzy);
        int done = resumed;
        try
        {
            using IJobProgress progress = log.Start("predicting", examples.Count - resumed, "examples");
            evaluation.Run(
                resumed,
                threads,
                rows =>
                {
                    file.Append(rows);
                    Add(sums, rows);
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
            throw;
        }

        file.Commit();
        var summary = new LanguageModelSummary(
            "lm",
            device?.Description.Choice ?? "cpu",
            threads,
            tokenizer.Name,
            new ReferenceSummary(corpora.Documents, corpora.Tokens),
            new TestSummary(text.DocumentCount, text.TokenCount, examples.Count, examples.Available, TargetInContext(text, examples, config.Context)),
            similarity?.Summary(threshold, models.Contains(ModelNames.Gim) ? (confidence is null ? GimRules.Threshold : GimRules.Confidence) : null),
            [.. sums.Select((sum, model) => sum.Score(evaluation.ExamplesPerSecond(model)))],
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            resumed);
        folder.WriteSummary(summary);
        return summary;
    }

    private static bool NeedsSimilarity(string model) => model is ModelNames.InductionFuzzy or ModelNames.Gim;

    /// <summary>The config's models, without those that need a similarity model where the one that comes with the program is for other tokens.</summary>
    private static string[] ModelsThatCanRun(LanguageModelConfig config, Tokenizer tokenizer, IJobLog log)
    {
        string[] without = [.. config.Models.Where(name => !NeedsSimilarity(name))];
        if (without.Length == config.Models.Count || config.SimilarityModel is not null || SimilarityModel.WhyNotShipped(tokenizer) is not { } why)
            return [.. config.Models];
        string[] left = [.. config.Models.Where(NeedsSimilarity)];
        string names = string.Join(" and ", left);
        if (without.Length == 0)
            throw new InputException($"{names} need{(left.Length == 1 ? "s" : "")} a similarity model, and {why}; set \"similarityModel\" to a file of weights (*.safetensors or *.pt)");
        log.Warn($"{names} {(left.Length == 1 ? "is" : "are")} left out: {why}; set \"similarityModel\" to a file of weights");
        return without;
    }

    private static INextTokenPredictor CreatePredictor(
        string name, LanguageModelConfig config, ReferenceCorpora corpora, Tokenizer tokenizer, SimilarityModel? similarity, ThresholdChoice? threshold,
        ConfidenceTable? confidence) => name switch
        {
            ModelNames.InfiniGram => new CorpusPredictor(name, new CorpusMatch(corpora.Indexes, config.ReferenceContext), tokenizer.VocabularySize),
            ModelNames.InductionExact => new ExactInductionPredictor(name, tokenizer.VocabularySize),
            ModelNames.InductionFuzzy => new FuzzyInductionPredictor(name, similarity!.Fuzzy, tokenizer.VocabularySize),
            ModelNames.Gim when confidence is not null => new ConfidentGimPredictor(
                name, new CorpusMatch(corpora.Indexes, config.ReferenceContext), similarity!.Fuzzy, confidence, tokenizer.VocabularySize),
            ModelNames.Gim => new GimPredictor(
                name, new CorpusMatch(corpora.Indexes, config.ReferenceContext), similarity!.Fuzzy, threshold!.Value, tokenizer.VocabularySize),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name),
        };

    private static void Add(ModelScoreSum[] sums, IReadOnlyList<PredictionScore> rows)
    {
        for (int i = 0; i < rows.Count; i++)
            sums[i % sums.Length].Add(rows[i]);
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
    private static string Fingerprint(
        string effectiveJson, ReferenceCorpora corpora, Tokenizer tokenizer, TestText text, string[] models, Device? device, SimilarityModel? similarity,
        ThresholdChoice? threshold)
    {
        JsonObject config = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in (string[])["device", "threads", "output", "cache"])
            config.Remove(key);
        string all = string.Join(
            "\n", config.ToJsonString(), corpora.Fingerprint, tokenizer.Hash, text.Hash, string.Join(",", models), device?.Description.Choice, similarity?.Hash, threshold?.Value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }
}

using Gim.Config;
using Gim.Evaluate;
using Gim.Explain;
using Gim.Files;
using Gim.Predict;
using Gim.Progress;
using Gim.Report;
using Gim.Report.Html;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>Makes the pictures and the report of a language-model run, after its predictions.</summary>
internal sealed class LanguageModelReport(LanguageModelConfig config, ModelParts parts, TestText text, ExampleSet examples, int threads)
{
    private const int Passages = 3, PassageTokens = 200;

    private static readonly QuoteLimits InText = new(Quotes: 3, Before: 10, After: 5, Alike: 10), OfExamples = new(Quotes: 3, Before: 14, After: 6, Alike: 10);

    /// <summary>Files in the run's folder.</summary>
    public static IReadOnlyList<string> Files { get; } = [ReportPage.FileName, LanguageModelPlots.ByLengthName, LanguageModelPlots.SourcesName, LanguageModelPlots.CalibrationName];

    /// <summary>Takes in the rows of the run, in the order of the examples.</summary>
    public RunFigures Figures { get; } = new(examples, parts.Models, Shown(parts.Models));

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="effectiveJson">The run's config.</param>
    /// <param name="summary">The run's figures.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Write(RunFolder folder, string effectiveJson, LanguageModelSummary summary, IJobLog log, CancellationToken cancellation)
    {
        LanguageModelPlots plots = LanguageModelPlots.Draw(Figures, summary.Models);
        plots.Write(folder);
        TextPassage[] passages = [.. TextPassage.Draw(text, config.Context, PassageTokens, Passages, config.CrossDocuments, config.Seed)];
        PredictionScore[] notable = [.. Figures.Notable.Sources.SelectMany(source => Figures.Notable.Of(source, false).Concat(Figures.Notable.Of(source, true)))];
        using (IJobProgress progress = log.Start("report", passages.Sum(passage => (long)passage.Length) + notable.Length, "tokens"))
        {
            var content = new ReportContent(
                summary,
                effectiveJson,
                Figures,
                ExampleBootstrap.Draw(Figures.Sums, config.Seed, ExampleBootstrap.SamplesFor(Figures.Clusters.Count), threads, cancellation),
                plots,
                parts.Threshold?.Table is { } table ? ThresholdPlot.Draw(table) : null,
                [.. passages.Select(passage => Show(passage, progress, cancellation))],
                [.. notable.Select(row => Show(row, progress, cancellation))],
                typeof(LanguageModelReport).Assembly.GetName().Version?.ToString(3) ?? "",
                DateTimeOffset.Now);
            OutputFile.WriteAllText(folder.File(ReportPage.FileName), ReportPage.Write(content, parts.Tokenizer));
        }
    }

    /// <summary>GIM where the run has it, else its last model.</summary>
    private static int Shown(IReadOnlyList<string> models)
    {
        int gim = models.ToList().IndexOf(ModelNames.Gim);
        return gim < 0 ? models.Count - 1 : gim;
    }

    private ShownPassage Show(TextPassage passage, IJobProgress progress, CancellationToken cancellation)
    {
        const int beforeTokens = 30, longestBefore = 400;
        int start = (int)passage.Position;
        ReadOnlySpan<int> tokens = text.Tokens.Span.Slice(start, passage.Length);
        string before = string.Concat(TokenTexts.Of(parts.Tokenizer, text.Tokens.Span[Math.Max(0, start - beforeTokens)..start]));
        ShownPrediction[] predictions = Explain(start, passage.Length, InText, progress, cancellation);
        return new ShownPassage(
            passage.Document, passage.PositionInDocument, VisibleText.End(before.TrimStart('\ufffd'), longestBefore),
            [.. TokenTexts.Of(parts.Tokenizer, tokens).Select(VisibleText.Of)], predictions);
    }

    private ShownExample Show(PredictionScore row, IJobProgress progress, CancellationToken cancellation)
        => new(row, Explain((int)examples[row.Example].Position, 1, OfExamples, progress, cancellation)[0]);

    private ShownPrediction[] Explain(int position, int count, QuoteLimits limits, IJobProgress progress, CancellationToken cancellation)
    {
        INextTokenPredictor predictor = parts.Predictor(Figures.NotableModel);
        var explainer = new Explainer(predictor, parts.Corpora.Indexes, parts.Similarity?.Fuzzy);
        return new TextExplainer(text, predictor, explainer, parts.Similarity?.Fuzzy, config.Context, limits).Explain(
            position, count, (i, explanation) => ShownPrediction.Of(parts.Tokenizer, explanation, text.Tokens.Span[position + i], limits), threads, progress, cancellation);
    }
}

using Gim.Config;
using Gim.Evaluate;
using Gim.Progress;
using Gim.Report;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>GIM's τ in a run.</summary>
/// <param name="Value">τ.</param>
/// <param name="From">Who chose it: config, model, auto (held-out text of the reference), default.</param>
/// <param name="Table">For auto: what it was chosen by.</param>
internal sealed record ThresholdChoice(int Value, string From, ThresholdTable? Table = null)
{
    /// <summary>The paper's, for GPT-2's tokens.</summary>
    public const int Default = 8;

    /// <summary>The config's number, else the one in the model's file, else the best on held-out documents of the reference.</summary>
    public static ThresholdChoice Make(
        LanguageModelConfig config, SimilarityModel similarity, ReferenceCorpora corpora, Tokenizer tokenizer, int threads, IJobLog log, CancellationToken cancellation)
    {
        if (config.Threshold is { Value: { } number })
            return new ThresholdChoice(number, "config");
        if (config.Threshold is null && similarity.Threshold is { } trained)
            return Said(new ThresholdChoice(trained, "model"), "as the similarity model's file says", log);
        if (corpora.Documents < 2)
        {
            log.Warn($"the reference is a single document, and nothing of it is left when that is held out to choose the threshold; {Default} is taken (set \"threshold\" to another number, or separate its documents)");
            return new ThresholdChoice(Default, "default");
        }
        var search = new ThresholdSearch(corpora.Indexes, similarity.Fuzzy, config.Context, config.ReferenceContext, tokenizer.VocabularySize);
        if (search.Run(config.Seed, threads, log, cancellation) is not { } table)
        {
            log.Warn($"no document of the reference is long enough to choose the threshold on; {Default} is taken (set \"threshold\" to another number)");
            return new ThresholdChoice(Default, "default");
        }
        ThresholdRow best = table.Best;
        string documents = table.Documents == 1 ? "document" : "documents";
        return Said(
            new ThresholdChoice(best.Threshold, "auto", table),
            $"the best of {table.Examples:N0} examples from {table.Documents:N0} held-out reference {documents}, {100 * best.Recall1:F1} % right ({ThresholdReport.PlotName})", log);
    }

    private static ThresholdChoice Said(ThresholdChoice choice, string why, IJobLog log)
    {
        log.Info($"threshold {(choice.Value == ThresholdConfig.Maximum ? $"{ThresholdReport.Never} (no match answers)" : $"{choice.Value}")}: {why}");
        return choice;
    }
}

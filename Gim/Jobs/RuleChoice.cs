using Gim.Config;
using Gim.Predict;
using Gim.Progress;

namespace Gim.Jobs;

/// <summary>Which of GIM's rules a run takes.</summary>
internal static class RuleChoice
{
    /// <returns>What the rule by confidence goes by; null: the published rule.</returns>
    /// <exception cref="InputException">The rule by confidence is asked for, and the model's file has no counts, or they are damaged.</exception>
    public static ConfidenceTable? Confidence(LanguageModelConfig config, SimilarityModel similarity, IJobLog log)
    {
        if (config.Rule == GimRules.Threshold || (config.Rule is null && config.Threshold is not null)) return null;
        if (similarity.Configuration.Confidence is not { } text)
        {
            return config.Rule is null
                ? null
                : throw new InputException($"\"rule\" is {GimRules.Confidence}, but {similarity.Path} holds no counts of right answers; set it to {GimRules.Threshold}, or take a model that was calibrated");
        }
        if (config.Threshold is not null)
            throw new InputException($"\"threshold\" has no meaning with \"rule\" {GimRules.Confidence}; leave one of them out");
        try
        {
            ConfidenceTable table = ConfidenceTable.Parse(text);
            log.Info($"gim: the source answers that is most likely right, by {table.Count:N0} answers counted on held-out text (\"rule\" {GimRules.Threshold} is the published one)");
            return table;
        }
        catch (FormatException problem)
        {
            throw new InputException($"{similarity.Path}: the metadata's 'gim_confidence' is damaged ({problem.Message}); take the model from its source again", problem);
        }
    }
}

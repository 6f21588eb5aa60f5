using Gim.Evaluate;

namespace Gim.Report.Html;

/// <summary>A passage of the test text, every token of it predicted.</summary>
/// <param name="Document">Number of its document.</param>
/// <param name="Position">Its first token's place there.</param>
/// <param name="Before">The end of the text before it, visible.</param>
/// <param name="Texts">The tokens' texts, visible; empty where a token before has all of a character.</param>
/// <param name="Predictions">What was predicted, as many.</param>
internal sealed record ShownPassage(int Document, long Position, string Before, IReadOnlyList<string> Texts, IReadOnlyList<ShownPrediction> Predictions);

/// <summary>A picked example.</summary>
internal sealed record ShownExample(PredictionScore Row, ShownPrediction Prediction);

/// <summary>All that the report of a language-model run tells.</summary>
/// <param name="Summary">The run's summary.</param>
/// <param name="EffectiveJson">Its config.</param>
/// <param name="Figures">Of all rows.</param>
/// <param name="Intervals">How sure they are.</param>
/// <param name="Plots">Its pictures.</param>
/// <param name="ThresholdPlot">How τ was chosen; null where it was not.</param>
/// <param name="Passages">Passages of the test text, predicted by the model that <paramref name="Figures"/> names.</param>
/// <param name="Examples">The surest examples of each source.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Written">When; all else of a report is the same for the same run.</param>
internal sealed record ReportContent(
    LanguageModelSummary Summary,
    string EffectiveJson,
    RunFigures Figures,
    ExampleBootstrap Intervals,
    LanguageModelPlots Plots,
    string? ThresholdPlot,
    IReadOnlyList<ShownPassage> Passages,
    IReadOnlyList<ShownExample> Examples,
    string Version,
    DateTimeOffset Written)
{
    /// <summary>The model whose answers are shown.</summary>
    public string Model => Figures.NotableModel;
}

using Gim.Evaluate;

namespace Gim.Report;

/// <summary>Size of the reference corpora; tokens include one separator per document.</summary>
public sealed record ReferenceSummary(long Documents, long Tokens);

/// <summary>Size of the test text, and the examples taken of those there are. <c>TargetInContext</c>: share of the
/// examples whose target occurs in their context, the most that any induction head can get right.</summary>
public sealed record TestSummary(long Documents, long Tokens, int Examples, long AvailableExamples, double TargetInContext);

/// <summary>The similarity model of a run and how it was used.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Mode">windowed or streaming: how contexts became embeddings.</param>
/// <param name="Window">Tokens of a window; null for streaming.</param>
/// <param name="Temperature">T of the cosine distance; null where contexts are compared otherwise.</param>
/// <param name="Threshold">GIM's τ; null where GIM did not run. A match is never trusted at <see cref="Config.ThresholdConfig.Maximum"/>.</param>
/// <param name="ThresholdFrom">config, model (its file), auto (chosen on held-out documents of the reference), default (none was long enough).</param>
public sealed record SimilaritySummary(
    string File, string Sha256, string Mode, int? Window, double? Temperature, double MatchBonus, double Recency, string? Rule, int? Threshold, string? ThresholdFrom);

/// <summary>summary.json of a language-model run; its keys are a contract, accuracies are fractions.</summary>
public sealed record LanguageModelSummary(
    string Task,
    string Device,
    int Threads,
    string Tokenizer,
    ReferenceSummary Reference,
    TestSummary Test,
    SimilaritySummary? Similarity,
    IReadOnlyList<ModelScore> Models,
    double ElapsedSeconds,
    int ResumedExamples);

/// <summary>summary.json of an index run.</summary>
public sealed record IndexSummary(
    string Task, string Tokenizer, string TokenType, long Documents, long Tokens, int Shards, long Bytes, double ElapsedSeconds);

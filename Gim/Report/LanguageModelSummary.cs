using Gim.Evaluate;

namespace Gim.Report;

/// <summary>Size of the reference corpora; tokens include one separator per document.</summary>
public sealed record ReferenceSummary(long Documents, long Tokens);

/// <summary>Size of the test text, and the examples taken of those there are. <c>TargetInContext</c>: share of the
/// examples whose target occurs in their context, the most that any induction head can get right.</summary>
public sealed record TestSummary(long Documents, long Tokens, int Examples, long AvailableExamples, double TargetInContext);

/// <summary>summary.json of a language-model run; its keys are a contract, accuracies are fractions.</summary>
public sealed record LanguageModelSummary(
    string Task,
    string Device,
    int Threads,
    string Tokenizer,
    ReferenceSummary Reference,
    TestSummary Test,
    IReadOnlyList<ModelScore> Models,
    double ElapsedSeconds,
    int ResumedExamples);

/// <summary>summary.json of an index run.</summary>
public sealed record IndexSummary(
    string Task, string Tokenizer, string TokenType, long Documents, long Tokens, long Bytes, double ElapsedSeconds);

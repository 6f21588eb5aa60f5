using System.Collections.Concurrent;
using Gim.Config;
using Gim.Explain;
using Gim.Index;
using Gim.Jobs;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Text;

namespace Gim;

/// <summary>
/// A language model that names its evidence, as a config of task <c>lm</c> describes it: reference corpora, induction heads and
/// GIM's rule over them. Safe to use from several threads at once; dispose it after the last.
/// </summary>
/// <example>
/// <code>
/// using GimModel model = GimModel.Open("configs/lm.json");
/// int[] tokens = model.Tokenizer.Encode("Returns the number of elements in the");
/// NextTokens next = model.PredictNext(tokens);
/// Explanation why = model.Explain(tokens);
/// </code>
/// </example>
public sealed class GimModel : IDisposable
{
    private readonly ModelParts parts;
    private readonly int context;
    private readonly ConcurrentDictionary<string, INextTokenPredictor> predictors = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<MatchResult> scratch = [];

    private GimModel(ModelParts parts, int context)
    {
        this.parts = parts;
        this.context = context;
        Name = parts.Models.Contains(ModelNames.Gim) ? ModelNames.Gim : parts.Models[^1];
    }

    /// <summary>Opens the model that a config file describes; reference text that is not indexed yet is, under the config's <c>cache</c>.</summary>
    /// <param name="config">The config file, of task <c>lm</c>. Its test text is not read.</param>
    /// <param name="overrides">As of <c>--set</c>: <c>key=value</c>.</param>
    /// <param name="log">Told what is done and how far it is; null for silence.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="InputException">The config, or a file that it names, cannot be used.</exception>
    public static GimModel Open(string config, IReadOnlyList<string>? overrides = null, IJobLog? log = null, CancellationToken cancellation = default)
        => ConfigReader.Read(config, overrides ?? []).Config is LanguageModelConfig lm
            ? Open(lm, log, cancellation)
            : throw new InputException($"{config} is of another task: a model is described by a config of task \"lm\"");

    /// <summary>As <see cref="Open(string, IReadOnlyList{string}?, IJobLog?, CancellationToken)"/>, from a config that was read already.</summary>
    public static GimModel Open(LanguageModelConfig config, IJobLog? log = null, CancellationToken cancellation = default)
    {
        log ??= SilentLog.Instance;
        string cache = config.Cache ?? throw new InputException("a model needs a place for its indexes: set \"cache\"");
        int threads = DeviceChoice.Threads(config.Threads);
        ModelParts parts = ModelParts.Open(
            config, TokenizerFactory.Create(config.Tokenizer), new OwnFolders(config.Output ?? cache, cache), threads, log, cancellation);
        try
        {
            parts.ChooseRule(threads, log, cancellation);
            return new GimModel(parts, config.Context);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Who predicts unless another is asked for: <c>gim</c> where the config has it, else its last model.</summary>
    public string Name { get; }

    /// <summary>The config's models, each of which can be asked.</summary>
    public IReadOnlyList<string> Models => parts.Models;

    /// <summary>Text to tokens and back.</summary>
    public Tokenizer Tokenizer => parts.Tokenizer;

    /// <summary>The reference corpora, in the order of the config.</summary>
    public IReadOnlyList<CorpusIndex> References => parts.Corpora.Indexes;

    /// <summary>The fuzzy head; null where no model of the config uses one.</summary>
    public FuzzyMatch? Fuzzy => parts.Similarity?.Fuzzy;

    /// <summary>How many of the last tokens are looked at.</summary>
    public int Context => context;

    /// <summary>Predicts the token that follows.</summary>
    /// <param name="tokens">Any number of tokens, of which the last <see cref="Context"/> count.</param>
    /// <param name="model">Which of <see cref="Models"/>; null for <see cref="Name"/>.</param>
    /// <exception cref="InputException">A token is not of the vocabulary, or the reference was made with other tokens.</exception>
    public NextTokens PredictNext(ReadOnlySpan<int> tokens, string? model = null)
    {
        MatchResult match = Take();
        NextTokens prediction = Predictor(model).Predict(Checked(tokens), match);
        scratch.Add(match);
        return prediction;
    }

    /// <summary>Predicts the token that follows, and shows what the prediction rests on.</summary>
    /// <param name="tokens">As of <see cref="PredictNext"/>.</param>
    /// <param name="limits">How much to show; null for the default.</param>
    /// <param name="model">As of <see cref="PredictNext"/>.</param>
    /// <exception cref="InputException">As of <see cref="PredictNext"/>.</exception>
    public Explanation Explain(ReadOnlySpan<int> tokens, QuoteLimits? limits = null, string? model = null)
    {
        MatchResult match = Take();
        Explanation explanation = Explainer(model).Explain(Checked(tokens).ToArray(), limits ?? new QuoteLimits(), match);
        scratch.Add(match);
        return explanation;
    }

    /// <summary>Begins a text that grows token by token.</summary>
    /// <param name="model">As of <see cref="PredictNext"/>.</param>
    public GimSession Begin(string? model = null) => new(this, model);

    /// <summary>The explainer of a model, for callers with weights or a <see cref="MatchResult"/> of their own.</summary>
    public Explainer Explainer(string? model = null) => new(Predictor(model), References, Fuzzy);

    /// <summary>A model as a predictor.</summary>
    /// <exception cref="InputException">The config has no such model.</exception>
    public INextTokenPredictor Predictor(string? model = null)
    {
        string name = model ?? Name;
        if (!Models.Contains(name))
            throw new InputException($"the config has no model '{name}'; it has {string.Join(", ", Models)}");
        return predictors.GetOrAdd(name, parts.Predictor);
    }

    private MatchResult Take() => scratch.TryTake(out MatchResult? match) ? match : new MatchResult();

    private ReadOnlySpan<int> Checked(ReadOnlySpan<int> tokens)
    {
        tokens = tokens[^Math.Min(tokens.Length, context)..];
        RequireTokens(tokens);
        return tokens;
    }

    internal void RequireTokens(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Tokenizer.VocabularySize)
                throw new InputException($"token {token} is not of {Tokenizer.Name}, whose ids are 0 to {Tokenizer.VocabularySize - 1}");
        }
    }

    /// <summary>Closes the files and gives the device's memory back.</summary>
    public void Dispose() => parts.Dispose();
}

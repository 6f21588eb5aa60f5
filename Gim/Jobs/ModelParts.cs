using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>What the predictors of a language-model config are made of: tokenizer, reference corpora, similarity model on its device, and GIM's rule.</summary>
internal sealed class ModelParts : IDisposable
{
    private readonly LanguageModelConfig config;

    private ModelParts(LanguageModelConfig config, Tokenizer tokenizer, string[] models, Device? device, SimilarityModel? similarity, ReferenceCorpora corpora)
    {
        this.config = config;
        Tokenizer = tokenizer;
        Models = models;
        Device = device;
        Similarity = similarity;
        Corpora = corpora;
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>The config's models that can run, by name.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>Null where no model needs one.</summary>
    public Device? Device { get; }

    /// <summary>Null where no model needs one.</summary>
    public SimilarityModel? Similarity { get; }

    public ReferenceCorpora Corpora { get; }

    /// <summary>What GIM's rule by confidence goes by; null: the published rule, or no GIM.</summary>
    public ConfidenceTable? Confidence { get; private set; }

    /// <summary>τ of the published rule; null for the other one, or without GIM.</summary>
    public ThresholdChoice? Threshold { get; private set; }

    /// <summary>The rule of GIM; null where GIM is not among the models.</summary>
    public string? Rule => Confidence is not null ? GimRules.Confidence : Threshold is not null ? GimRules.Threshold : null;

    /// <summary>Opens what the config's models need; corpora that are not indexed yet are.</summary>
    /// <exception cref="InputException">Something is missing, damaged, or does not fit the rest.</exception>
    public static ModelParts Open(LanguageModelConfig config, Tokenizer tokenizer, OwnFolders own, int threads, IJobLog log, CancellationToken cancellation)
    {
        string[] models = ModelsThatCanRun(config, tokenizer, log);
        Device? device = null;
        SimilarityModel? similarity = null;
        ReferenceCorpora? corpora = null;
        try
        {
            if (models.Any(NeedsSimilarity))
            {
                device = DeviceChoice.Open(config.Device, threads);
                log.Info($"device: {device.Description}");
                similarity = SimilarityModel.Open(config, device, tokenizer);
                log.Info($"similarity model: {similarity}");
            }
            else
            {
                DeviceChoice.Require(config.Device);
            }
            corpora = ReferenceCorpora.Open(config.Reference, tokenizer, own, threads, log, cancellation);
            return new ModelParts(config, tokenizer, models, device, similarity, corpora);
        }
        catch
        {
            corpora?.Dispose();
            similarity?.Dispose();
            device?.Dispose();
            throw;
        }
    }

    /// <summary>Chooses GIM's rule, which may take long where its threshold is sought on held-out text; nothing without GIM.</summary>
    public void ChooseRule(int threads, IJobLog log, CancellationToken cancellation)
    {
        if (!Models.Contains(ModelNames.Gim))
            return;
        Confidence = RuleChoice.Confidence(config, Similarity!, log);
        if (Confidence is null)
            Threshold = ThresholdChoice.Make(config, Similarity!, Corpora, Tokenizer, threads, log, cancellation);
    }

    /// <summary>A predictor by its model's name, one of <see cref="Models"/>; for GIM after <see cref="ChooseRule"/>.</summary>
    public INextTokenPredictor Predictor(string name) => name switch
    {
        ModelNames.InfiniGram => new CorpusPredictor(name, new CorpusMatch(Corpora.Indexes, config.ReferenceContext), Tokenizer.VocabularySize),
        ModelNames.InductionExact => new ExactInductionPredictor(name, Tokenizer.VocabularySize),
        ModelNames.InductionFuzzy => new FuzzyInductionPredictor(name, Similarity!.Fuzzy, Tokenizer.VocabularySize),
        ModelNames.Gim when Confidence is not null => new ConfidentGimPredictor(
            name, new CorpusMatch(Corpora.Indexes, config.ReferenceContext), Similarity!.Fuzzy, Confidence, Tokenizer.VocabularySize,
            Similarity.Configuration.ConfidenceContext),
        ModelNames.Gim => new GimPredictor(
            name, new CorpusMatch(Corpora.Indexes, config.ReferenceContext), Similarity!.Fuzzy, Threshold!.Value, Tokenizer.VocabularySize),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

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

    public void Dispose()
    {
        Corpora.Dispose();
        Similarity?.Dispose();
        Device?.Dispose();
    }
}

using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Report;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The similarity model of a run, on its device.</summary>
internal sealed class SimilarityModel : IDisposable
{
    private readonly SimilarityNetwork network;

    private SimilarityModel(string path, string hash, SimilarityNetwork network, FuzzyMatch fuzzy, DomainCalibration? domain)
    {
        Threshold = domain?.Threshold ?? network.Configuration.Threshold;
        Path = path;
        Hash = hash;
        this.network = network;
        Fuzzy = fuzzy;
    }

    /// <summary>The model that comes with the program.</summary>
    public static string ShippedPath { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "similarity.safetensors");

    /// <summary>Why the model that comes with the program cannot be used with a tokenizer; null where it can.</summary>
    public static string? WhyNotShipped(Tokenizer tokenizer)
    {
        if (!File.Exists(ShippedPath)) return "this program was built without one";
        IReadOnlyDictionary<string, string> metadata = WeightFiles.Read(ShippedPath).Metadata;
        return metadata.GetValueOrDefault("gim_tokenizer_hash") == tokenizer.Hash
            ? null
            : $"the one that comes with the program is for the tokens of {metadata.GetValueOrDefault("gim_tokenizer")}, not of {tokenizer.Name}";
    }

    public string Path { get; }

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; }

    public FuzzyMatch Fuzzy { get; }

    /// <summary>GIM's τ as the file says it, for the config's domain where it names one; null where the file says none.</summary>
    public int? Threshold { get; }

    public SimilarityConfiguration Configuration => network.Configuration;

    /// <summary>For summary.json.</summary>
    /// <param name="rule">Who chooses for gim; null where gim is not asked.</param>
    public SimilaritySummary Summary(ThresholdChoice? threshold, string? rule) => new(
        System.IO.Path.GetFileName(Path),
        Hash,
        Configuration.Mode == EmbeddingMode.Streaming ? "streaming" : "windowed",
        Configuration.Mode == EmbeddingMode.Streaming ? null : Fuzzy.Window,
        Configuration.Similarity == SimilarityFunction.Cosine ? Fuzzy.Temperature : null,
        Fuzzy.MatchBonus,
        Fuzzy.Recency,
        rule,
        threshold?.Value,
        threshold?.From);

    /// <summary>For the log.</summary>
    public override string ToString()
    {
        string mode = Configuration.Mode == EmbeddingMode.Streaming ? $"streaming with a band of {Configuration.Band}" : $"windows of {Fuzzy.Window}";
        string comparison = Configuration.Similarity == SimilarityFunction.Cosine ? $"temperature {Fuzzy.Temperature}" : $"compared by {Configuration.Similarity.ToString().ToLowerInvariant()}";
        string bonus = (Fuzzy.MatchBonus > 0 ? $", bonus {Fuzzy.MatchBonus} per matched token" : "") + (Fuzzy.Recency > 0 ? $", recency {Fuzzy.Recency}" : "");
        return $"{Path} ({Configuration.Layers} layers of {Configuration.Columns} columns, {mode}, {comparison}{bonus})";
    }

    /// <summary>Opens the model that the config names, else the one that comes with the program.</summary>
    /// <exception cref="InputException">The file cannot be used, or was made for another tokenizer.</exception>
    public static SimilarityModel Open(LanguageModelConfig config, Device device, Tokenizer tokenizer)
    {
        string path = config.SimilarityModel ?? ShippedPath;
        WeightFile file = WeightFiles.Read(path);
        SimilarityNetwork network = SimilarityNetwork.Load(file, device, path);
        try
        {
            RequireTokenizer(network.Configuration, tokenizer, path);
            if (network.Configuration.MaximumLength > 0 && (config.Window ?? network.Configuration.Window) > network.Configuration.MaximumLength)
                throw new InputException($"\"window\" {config.Window} is longer than the {network.Configuration.MaximumLength} positions of {path}; lower it");
            if (config.Window is not null && network.Configuration.Mode == EmbeddingMode.Streaming)
                throw new InputException($"\"window\" has no meaning for {path}, which was trained to see a band of {network.Configuration.Band} tokens in every layer; leave it out");
            if (config.Temperature is not null && network.Configuration.Similarity != SimilarityFunction.Cosine)
                throw new InputException($"\"temperature\" has no meaning for {path}, which compares by {network.Configuration.Similarity.ToString().ToLowerInvariant()}; leave it out");
            DomainCalibration? domain = Domain(network.Configuration, config.Domain, path);
            return new SimilarityModel(path, FileHash(path), network, new FuzzyMatch(
                network, config.Temperature ?? domain?.Temperature, config.Window, config.MatchBonus ?? domain?.MatchBonus, config.Recency ?? domain?.Recency), domain);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static DomainCalibration? Domain(SimilarityConfiguration configuration, string? name, string path)
    {
        if (name is null) return null;
        if (configuration.Domains.TryGetValue(name, out DomainCalibration? domain)) return domain;
        if (configuration.Domains.Count == 0)
            throw new InputException($"\"domain\" is {Quote.Of(name)}, but {path} was not calibrated on kinds of text; leave it out");
        string near = NearestName.Of(name, configuration.Domains.Keys) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        throw new InputException($"\"domain\" is {Quote.Of(name)}, which {path} does not know (known: {string.Join(", ", configuration.Domains.Keys)}){near}");
    }

    internal static void RequireTokenizer(SimilarityConfiguration configuration, Tokenizer tokenizer, string path)
    {
        if (configuration.TokenizerHash is { } hash && hash != tokenizer.Hash)
        {
            throw new InputException(
                $"the similarity model {path} was trained on tokens of {configuration.Tokenizer ?? "another tokenizer"}, which is not the config's \"tokenizer\" ({tokenizer.Name}); set \"tokenizer\" to that one, or \"similarityModel\" to a model of this one");
        }
        // Published models round their vocabulary up to a multiple of 64 or 128, with ids that no text has.
        static long RoundedUp(long count, int to) => (count + to - 1) / to * to;
        long own = tokenizer.VocabularySize;
        if (configuration.Vocabulary != own && configuration.Vocabulary != RoundedUp(own, 64) && configuration.Vocabulary != RoundedUp(own, 128))
        {
            throw new InputException(
                $"the similarity model {path} has {configuration.Vocabulary} tokens ({configuration.Tokenizer ?? "its tokenizer is not named"}) where the config's \"tokenizer\" ({tokenizer.Name}) has {tokenizer.VocabularySize}; set \"tokenizer\" to the model's, or \"similarityModel\" to a model of this one");
        }
    }

    private static string FileHash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stream));
    }

    public void Dispose()
    {
        Fuzzy.Dispose();
        network.Dispose();
    }
}

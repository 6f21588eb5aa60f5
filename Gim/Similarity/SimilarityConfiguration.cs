using System.Globalization;

namespace Gim.Similarity;

/// <summary>What a query and a key are compared by; the published code's names.</summary>
public enum SimilarityFunction
{
    /// <summary>Distance (1 - cos) / T of the outputs.</summary>
    Cosine,

    /// <summary>Mean of the two Kullback-Leibler divergences of the softmax of the outputs; no temperature.</summary>
    Jsd,

    /// <summary>Mean squared difference of the outputs; no temperature.</summary>
    L2,
}

/// <summary>How positions enter the model.</summary>
public enum PositionKind
{
    /// <summary>Relative keys and values, and keys at the distance of the table's radius or beyond are hidden (a band).</summary>
    Relative,

    /// <summary>A learnt bias per head and distance, in a band.</summary>
    Bias,

    /// <summary>Sines and cosines added to the token embeddings; every earlier position is seen.</summary>
    Sinusoidal,

    /// <summary>A learnt row per position added to the token embeddings; every earlier position is seen.</summary>
    Learned,
}

/// <summary>How contexts become embeddings: a model is used as it was trained.</summary>
public enum EmbeddingMode
{
    /// <summary>Every window of k tokens by itself (the published way).</summary>
    Windowed,

    /// <summary>One pass over the text; each position sees a band of earlier ones in every layer.</summary>
    Streaming,
}

/// <summary>
/// The similarity transformer's sizes and what it was trained for, as a file of weights says it in its metadata. Keys and
/// values are the published checkpoints' <c>model_kwargs</c>; those that begin with <c>gim_</c> are Gim's own.
/// </summary>
public sealed record SimilarityConfiguration
{
    /// <summary>At lower temperatures the weights of unlike contexts would leave float32; models were best from 0.04 to 0.1.</summary>
    public const double LowestTemperature = 0.02;

    /// <summary>At higher ones all weights are 1 to three digits.</summary>
    public const double HighestTemperature = 1000;

    /// <summary>The most that a bonus and recency can be: votes then stay inside float32.</summary>
    public const double HighestMatchBonus = 4, HighestRecency = 20;

    private const string RelativeBlock = "RPETransformerBlock", PlainBlock = "TransformerBlock", BiasBlock = "BandedTransformerBlock";

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    /// <summary>d: columns of the residual stream.</summary>
    public required int Columns { get; init; }

    public required int OutputColumns { get; init; }

    public required int Vocabulary { get; init; }

    public required PositionKind Positions { get; init; }

    /// <summary>How many positions a query sees, itself included, in each layer; 0: all earlier ones.</summary>
    public int Band { get; init; }

    /// <summary>The most tokens of one pass with absolute positions; 0: any number.</summary>
    public int MaximumLength { get; init; }

    public SimilarityFunction Similarity { get; init; } = SimilarityFunction.Cosine;

    public EmbeddingMode Mode { get; init; } = EmbeddingMode.Windowed;

    /// <summary>k: tokens of a window.</summary>
    public int Window { get; init; } = 32;

    /// <summary>T of the cosine distance.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>What each token of a literal match adds to the logarithm of a vote, up to 8 tokens; 0: nothing (published).</summary>
    public double MatchBonus { get; init; }

    /// <summary>What 1,024 tokens of distance take from the logarithm of a vote; 0: nothing (published).</summary>
    public double Recency { get; init; }

    /// <summary>GIM's τ chosen after training; null where the file has none.</summary>
    public int? Threshold { get; init; }

    /// <summary>How often each kind of answer was right on held-out text, as the text of a confidence table; null where the file has none.</summary>
    public string? Confidence { get; init; }

    /// <summary>Tokens of the contexts on which the answers of <see cref="Confidence"/> were counted.</summary>
    public int ConfidenceContext { get; init; } = 1024;

    /// <summary>What suits each kind of text that the model was calibrated on, by name; empty where it was not.</summary>
    public IReadOnlyDictionary<string, DomainCalibration> Domains { get; init; } = new Dictionary<string, DomainCalibration>();

    /// <summary>Name and hash of the tokenizer of the training text; null where the file has none.</summary>
    public string? Tokenizer { get; init; }

    /// <inheritdoc cref="Tokenizer"/>
    public string? TokenizerHash { get; init; }

    public int HeadSize => Columns / Heads;

    /// <summary>Reads the metadata of a file of weights.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="InputException">A key is missing or has a value that is not understood.</exception>
    public static SimilarityConfiguration Read(IReadOnlyDictionary<string, string> metadata, string path)
    {
        var reader = new MetadataReader(metadata, path);
        string block = reader.OneOf("attention_block", [RelativeBlock, PlainBlock, BiasBlock]);
        var positions = block switch
        {
            RelativeBlock => PositionKind.Relative,
            BiasBlock => PositionKind.Bias,
            _ => reader.Flag("use_trained_pe") ? PositionKind.Learned : PositionKind.Sinusoidal,
        };
        bool banded = positions is PositionKind.Relative or PositionKind.Bias;
        var configuration = new SimilarityConfiguration
        {
            Layers = reader.Integer("n_layer", 1, 1000),
            Heads = reader.Integer("n_head", 1, 1000),
            Columns = reader.Integer("n_embd", 1, 65_536),
            OutputColumns = reader.Integer("n_out_embd", 1, 65_536),
            Vocabulary = reader.Integer("vocab_size", 1, int.MaxValue),
            Positions = positions,
            Band = banded ? reader.Integer("max_relative_position", 1, 1 << 20) : 0,
            MaximumLength = banded ? 0 : reader.Integer("block_size", 1, 1 << 20),
            Similarity = reader.OneOf("similarity_function", ["cosine", "jsd", "l2"]) switch
            {
                "jsd" => SimilarityFunction.Jsd,
                "l2" => SimilarityFunction.L2,
                _ => SimilarityFunction.Cosine,
            },
            Mode = reader.Has("gim_mode") && reader.OneOf("gim_mode", ["windowed", "streaming"]) == "streaming" ? EmbeddingMode.Streaming : EmbeddingMode.Windowed,
            Window = reader.Has("gim_window") ? reader.Integer("gim_window", 1, 1 << 20) : 32,
            Temperature = reader.Has("gim_temperature") ? reader.Number("gim_temperature") : 0.1,
            MatchBonus = reader.Has("gim_match_bonus") ? reader.Number("gim_match_bonus") : 0,
            Recency = reader.Has("gim_recency") ? reader.Number("gim_recency") : 0,
            Threshold = reader.Has("gim_threshold") ? reader.Integer("gim_threshold", 0, int.MaxValue) : null,
            Confidence = metadata.GetValueOrDefault("gim_confidence"),
            ConfidenceContext = reader.Has("gim_confidence_context") ? reader.Integer("gim_confidence_context", 2, int.MaxValue) : 1024,
            Domains = metadata.ContainsKey("gim_domains") ? reader.Domains("gim_domains") : new Dictionary<string, DomainCalibration>(),
            Tokenizer = metadata.GetValueOrDefault("gim_tokenizer"),
            TokenizerHash = metadata.GetValueOrDefault("gim_tokenizer_hash"),
        };
        configuration.Check(path);
        return configuration;
    }

    /// <summary>The metadata from which <see cref="Read"/> makes the same configuration.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["n_layer"] = Text(Layers),
            ["n_head"] = Text(Heads),
            ["n_embd"] = Text(Columns),
            ["n_out_embd"] = Text(OutputColumns),
            ["vocab_size"] = Text(Vocabulary),
            ["attention_block"] = Positions switch { PositionKind.Relative => RelativeBlock, PositionKind.Bias => BiasBlock, _ => PlainBlock },
            ["use_trained_pe"] = Positions == PositionKind.Learned ? "True" : "False",
            ["similarity_function"] = Similarity switch { SimilarityFunction.Jsd => "jsd", SimilarityFunction.L2 => "l2", _ => "cosine" },
            ["gim_mode"] = Mode == EmbeddingMode.Streaming ? "streaming" : "windowed",
            ["gim_window"] = Text(Window),
            ["gim_temperature"] = Temperature.ToString("R", CultureInfo.InvariantCulture),
        };
        if (Band > 0) metadata["max_relative_position"] = Text(Band);
        if (MaximumLength > 0) metadata["block_size"] = Text(MaximumLength);
        if (MatchBonus > 0) metadata["gim_match_bonus"] = MatchBonus.ToString("R", CultureInfo.InvariantCulture);
        if (Recency > 0) metadata["gim_recency"] = Recency.ToString("R", CultureInfo.InvariantCulture);
        if (Threshold is { } threshold) metadata["gim_threshold"] = Text(threshold);
        if (Confidence is not null)
        {
            metadata["gim_confidence"] = Confidence;
            metadata["gim_confidence_context"] = Text(ConfidenceContext);
        }
        if (Domains.Count > 0) metadata["gim_domains"] = DomainCalibration.Write(Domains);
        if (Tokenizer is not null) metadata["gim_tokenizer"] = Tokenizer;
        if (TokenizerHash is not null) metadata["gim_tokenizer_hash"] = TokenizerHash;
        return metadata;
    }

    private void Check(string path)
    {
        if (Columns % Heads != 0)
            throw new InputException($"{path}: n_embd {Columns} cannot be divided into n_head {Heads} heads");
        if (HeadSize > Kernels.Devices.AttentionShape.MaximumHeadSize)
            throw new InputException($"{path}: n_embd {Columns} and n_head {Heads} make heads of {HeadSize}; at most {Kernels.Devices.AttentionShape.MaximumHeadSize} can be used");
        if (!(Temperature is >= LowestTemperature and <= HighestTemperature))
            throw new InputException($"{path}: gim_temperature is {Temperature}; it must be a number from {LowestTemperature} to {HighestTemperature}");
        if (!(MatchBonus is >= 0 and <= HighestMatchBonus))
            throw new InputException($"{path}: gim_match_bonus is {MatchBonus}; it must be a number from 0 to {HighestMatchBonus}");
        if (!(Recency is >= 0 and <= HighestRecency))
            throw new InputException($"{path}: gim_recency is {Recency}; it must be a number from 0 to {HighestRecency}");
        if (Mode == EmbeddingMode.Streaming && Band == 0)
            throw new InputException($"{path}: gim_mode is streaming, which needs a band (attention_block {RelativeBlock} or {BiasBlock})");
        if (MaximumLength > 0 && Window > MaximumLength)
            throw new InputException($"{path}: gim_window {Window} is longer than block_size {MaximumLength}");
    }
}

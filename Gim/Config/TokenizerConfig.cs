using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>How text is cut into tokens, chosen by <c>kind</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Gpt2TokenizerConfig), "gpt2")]
[JsonDerivedType(typeof(TiktokenTokenizerConfig), "tiktoken")]
[JsonDerivedType(typeof(BpeTokenizerConfig), "bpe")]
[JsonDerivedType(typeof(SentencePieceTokenizerConfig), "sentencepiece")]
[JsonDerivedType(typeof(BytesTokenizerConfig), "bytes")]
public abstract record TokenizerConfig;

/// <summary>GPT-2's tokenizer, which is part of the program.</summary>
[Description("GPT-2's tokenizer (50257 tokens); needs no file.")]
public sealed record Gpt2TokenizerConfig : TokenizerConfig;

/// <summary>A byte-level BPE given as tiktoken ranks.</summary>
[Description("A tiktoken rank file.")]
public sealed record TiktokenTokenizerConfig : TokenizerConfig
{
    [ConfigPath]
    [Description("The rank file: a line per token, base64 and rank.")]
    public required string Path { get; init; }

    [Description("What cuts text into words before merging: gpt2, cl100k, o200k or a regular expression; null for a known vocabulary (r50k, p50k, cl100k, o200k).")]
    public string? Pattern { get; init; }

    /// <summary>An id, because a rank file has no text for its control tokens, and their ids may leave a gap.</summary>
    [Range(0, int.MaxValue)]
    [Description("Id of the end-of-text token, which rank files do not hold; null takes the first id after the ranks.")]
    public int? EndOfText { get; init; }
}

/// <summary>A byte-level BPE given as GPT-2's two files.</summary>
[Description("A byte-level BPE given as vocab.json and merges.txt.")]
public sealed record BpeTokenizerConfig : TokenizerConfig
{
    [ConfigPath]
    [Description("The vocabulary: a JSON object of token and id (vocab.json, encoder.json).")]
    public required string Vocab { get; init; }

    [ConfigPath]
    [Description("The merges, best first, one a line (merges.txt, vocab.bpe).")]
    public required string Merges { get; init; }

    [Description("The end-of-text token as the vocabulary spells it; null takes <|endoftext|>.")]
    public string? EndOfText { get; init; }
}

/// <summary>A SentencePiece model, such as LLaMA-2's.</summary>
[Description("A SentencePiece model file, such as LLaMA-2's tokenizer.model.")]
public sealed record SentencePieceTokenizerConfig : TokenizerConfig
{
    [ConfigPath]
    [Description("The model file (tokenizer.model).")]
    public required string Path { get; init; }
}

/// <summary>Each UTF-8 byte is a token.</summary>
[Description("Each UTF-8 byte is a token; needs no file.")]
public sealed record BytesTokenizerConfig : TokenizerConfig;

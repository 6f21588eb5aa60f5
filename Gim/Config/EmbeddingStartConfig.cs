using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>The token embeddings that training begins with, chosen by <c>kind</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CooccurrenceStartConfig), "cooccurrence")]
[JsonDerivedType(typeof(RandomStartConfig), "random")]
[JsonDerivedType(typeof(FileStartConfig), "file")]
public abstract record EmbeddingStartConfig;

/// <summary>Singular vectors of the training text's co-occurrences.</summary>
[Description("Singular vectors of the positive pointwise mutual information of tokens that occur near each other in the training text.")]
public sealed record CooccurrenceStartConfig : EmbeddingStartConfig
{
    [Range(1, 64)]
    [Description("How far apart two tokens may be to count as near.")]
    public int Distance { get; init; } = 5;

    [Range(1, int.MaxValue)]
    [Description("Tokens that are counted, at most.")]
    public int Tokens { get; init; } = 20_000_000;
}

/// <summary>Random embeddings.</summary>
[Description("Random embeddings.")]
public sealed record RandomStartConfig : EmbeddingStartConfig;

/// <summary>Embeddings of a file.</summary>
[Description("The token embeddings of a file of weights: a similarity model of the same tokenizer and columns, or any safetensors file with one matrix.")]
public sealed record FileStartConfig : EmbeddingStartConfig
{
    [ConfigPath]
    [Description("The file (*.safetensors, *.pt).")]
    public required string Path { get; init; }

    [Description("The matrix [vocabulary, columns] in it; default: the token embeddings of a similarity model.")]
    public string Tensor { get; init; } = "transformer.wte.weight";
}

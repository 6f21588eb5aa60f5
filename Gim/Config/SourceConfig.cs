using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>Where reference text comes from, chosen by <c>kind</c>: documents, or an index built before.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SampleSourceConfig), "sample")]
[JsonDerivedType(typeof(TextSourceConfig), "text")]
[JsonDerivedType(typeof(JsonLinesSourceConfig), "jsonl")]
[JsonDerivedType(typeof(ParquetSourceConfig), "parquet")]
[JsonDerivedType(typeof(IndexSourceConfig), "index")]
public abstract record SourceConfig;

/// <summary>
/// A source of documents. A type of its own, so that a test text or the input of an index cannot be an index: it keeps
/// tokens, not documents.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SampleSourceConfig), "sample")]
[JsonDerivedType(typeof(TextSourceConfig), "text")]
[JsonDerivedType(typeof(JsonLinesSourceConfig), "jsonl")]
[JsonDerivedType(typeof(ParquetSourceConfig), "parquet")]
public abstract record DocumentSourceConfig : SourceConfig
{
    public const string None = "none", LowerCase = "lower-case-without-punctuation";

    [OneOf(None, LowerCase)]
    [Description("What is done to the text first: none, or lower-case-without-punctuation, which makes written text look like transcripts of speech.")]
    public string Transform { get; init; } = None;
}

/// <summary>Text that comes with the program.</summary>
[Description("Text that comes with the program.")]
public sealed record SampleSourceConfig : DocumentSourceConfig
{
    public const string DotnetDocs = "dotnet-docs";
    public const string Runtime = "runtime";
    public const string AspNetCore = "aspnetcore";

    [OneOf(DotnetDocs)]
    [Description("The sample: dotnet-docs is the API documentation of .NET 10.")]
    public string Name { get; init; } = DotnetDocs;

    /// <summary>Null only before reading: <see cref="ConfigReader"/> fills in the default.</summary>
    [OneOf(Runtime, AspNetCore)]
    [Description("The part of the sample; default: runtime as reference, aspnetcore as test, so that the test text is not in the reference.")]
    public string? Part { get; init; }
}

/// <summary>Plain text files.</summary>
[Description("Plain text files, also .gz and .zst.")]
public sealed record TextSourceConfig : DocumentSourceConfig
{
    [ConfigPath]
    [Description("A file, a folder (every file below it) or a glob.")]
    public required string Path { get; init; }

    [Description("The line that separates documents inside a file.")]
    public string Separator { get; init; } = "<|endoftext|>";
}

/// <summary>JSON Lines files: a document per line.</summary>
[Description("JSON Lines files, a document per line, also .gz and .zst.")]
public sealed record JsonLinesSourceConfig : DocumentSourceConfig
{
    [ConfigPath]
    [Description("A file, a folder (every file below it) or a glob.")]
    public required string Path { get; init; }

    [Description("The field that holds the document's text.")]
    public string Field { get; init; } = "text";
}

/// <summary>Parquet files: a document per row.</summary>
[Description("Parquet files, a document per row.")]
public sealed record ParquetSourceConfig : DocumentSourceConfig
{
    [ConfigPath]
    [Description("A file, a folder (every file below it) or a glob.")]
    public required string Path { get; init; }

    [Description("The column that holds the document's text.")]
    public string Column { get; init; } = "text";
}

/// <summary>An index built before: by task <c>index</c>, or a bare infini-gram folder.</summary>
/// <remarks>
/// <see cref="TokenType"/>, <see cref="Eos"/> and <see cref="Reversed"/> are keys because a bare infini-gram folder says none of
/// them; an index of ours says the first two in its <c>gim.json</c> and is never reversed.
/// </remarks>
[Description("An index built before: by task index, or a bare infini-gram folder.")]
public sealed record IndexSourceConfig : SourceConfig
{
    [ConfigPath]
    [Description("The folder of the index; a glob takes every folder that matches as one index.")]
    public required string Path { get; init; }

    [OneOf("u8", "u16", "u32")]
    [Description("Width of a token in a bare infini-gram folder, which does not say it; null reads the index's gim.json.")]
    public string? TokenType { get; init; }

    [Range(0, int.MaxValue)]
    [Description("Id of the end-of-text token of a bare infini-gram folder; null takes what the index's gim.json says, else the tokenizer's.")]
    public int? Eos { get; init; }

    [Description("Whether a bare infini-gram folder keeps its documents from their last token to their first (its version 5, and 6 with --reversed); null is no.")]
    public bool? Reversed { get; init; }
}

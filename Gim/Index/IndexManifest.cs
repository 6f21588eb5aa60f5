using System.Text.Json;
using System.Text.Json.Serialization;
using Gim.Files;

namespace Gim.Index;

/// <summary>One file of an index as it was when the build ended.</summary>
public sealed record IndexFileRecord(long Bytes, string Sha256);

/// <summary>Which tokenizer made the tokens.</summary>
public sealed record IndexTokenizer(string Name, string Hash);

/// <summary>
/// <c>gim.json</c>: what the infini-gram files themselves do not say. It is written last, so a folder without it was
/// not finished; with it, every file can be checked. The original engine ignores it.
/// </summary>
/// <param name="Version">Version of this file's layout, 1.</param>
/// <param name="TokenType">u8, u16 or u32.</param>
/// <param name="Eos">The token that a document's end counts as.</param>
/// <param name="VocabularySize">V: every token is below it.</param>
/// <param name="Tokenizer">Name and hash of the tokenizer.</param>
/// <param name="Documents">Documents in all shards.</param>
/// <param name="Tokens">Tokens in all shards, one separator per document included.</param>
/// <param name="Key">Fingerprint of the sources and the tokenizer; equal keys mean equal indexes.</param>
/// <param name="Files">Size and SHA-256 of every file. An index of several shards has six files for each, numbered with as many digits as the last.</param>
public sealed record IndexManifest(
    int Version,
    string TokenType,
    int Eos,
    int VocabularySize,
    IndexTokenizer Tokenizer,
    long Documents,
    long Tokens,
    string Key,
    SortedDictionary<string, IndexFileRecord> Files)
{
    public const int CurrentVersion = 1;

    /// <summary>How many shards the files make.</summary>
    [JsonIgnore]
    public int Shards => Files.Keys.Count(name => name.StartsWith($"{IndexFiles.Tokens}.", StringComparison.Ordinal));

    // No name in an index folder may hold one of the infini-gram words: the original engine matches them anywhere.
    public const string FileName = "gim.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>Reads the manifest of a folder; null where there is none.</summary>
    /// <exception cref="InputException">It is there but not what it should be.</exception>
    public static IndexManifest? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            IndexManifest manifest = JsonSerializer.Deserialize<IndexManifest>(File.ReadAllText(path), Options)
                ?? throw new JsonException("null");
            if (manifest.Version != CurrentVersion)
                throw new InputException($"{path}: layout version {manifest.Version} is not {CurrentVersion}; {IndexFiles.Advice}");
            // Of a dictionary's values the serializer does not check that they are there.
            foreach (var (name, record) in manifest.Files)
            {
                if (record is null)
                    throw new JsonException($"the file {name} has no size and SHA-256");
            }
            return manifest;
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            string what = problem.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new InputException($"{path} cannot be read: {what}; {IndexFiles.Advice}", problem);
        }
    }

    internal void Write(string folder)
        => OutputFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Options) + "\n");
}

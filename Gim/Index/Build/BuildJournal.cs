using System.Text.Json;
using Gim.Files;

namespace Gim.Index.Build;

/// <summary>A source of an unfinished build.</summary>
/// <param name="Documents">How many of its documents, in its order, are in the shards.</param>
/// <param name="Finished">Whether that is all of them.</param>
/// <param name="Warnings">What is to be said of a finished one.</param>
internal sealed record JournaledSource(long Documents, bool Finished, IReadOnlyList<string> Warnings);

/// <summary>A shard of an unfinished build.</summary>
/// <param name="Tokens">Tokens, separators included.</param>
/// <param name="Documents">Documents.</param>
/// <param name="Closed">Whether all of its text is in; only the last may be open.</param>
/// <param name="Files">By kind (<see cref="IndexFiles"/>) the bytes written and, of a finished file, its SHA-256; a table only when it is whole.</param>
internal sealed record JournaledShard(long Tokens, long Documents, bool Closed, IReadOnlyDictionary<string, IndexFileRecord> Files)
{
    public bool HasTable => Files.ContainsKey(IndexFiles.Table);
}

/// <summary>
/// How far a build has come, as a file that a killed process leaves: all that it names was on the disk before it was
/// written. Files may be longer than it says, never shorter.
/// </summary>
internal sealed class BuildJournal
{
    public const string FileName = "journal.json";

    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Version of the journal's layout.</summary>
    public required int Version { get; init; }

    /// <summary><see cref="IndexBuilder.Key"/>: the sources and the tokenizer.</summary>
    public required string Key { get; init; }

    /// <summary>The most tokens of a shard.</summary>
    public required long ShardTokens { get; init; }

    /// <summary>The sources begun so far.</summary>
    public required List<JournaledSource> Sources { get; init; }

    /// <summary>The shards begun so far.</summary>
    public required List<JournaledShard> Shards { get; init; }

    /// <summary>Whether all text is in: what is left is sorting and giving files their names.</summary>
    public required bool TextComplete { get; set; }

    public static BuildJournal New(string key, long shardTokens)
        => new() { Version = CurrentVersion, Key = key, ShardTokens = shardTokens, Sources = [], Shards = [], TextComplete = false };

    /// <summary>Reads the journal of an unfinished build of the same index.</summary>
    /// <exception cref="UnusableBuildException">It cannot be read, or is of another index.</exception>
    public static BuildJournal Read(BuildFolder folder, string key, long shardTokens, int sources, TokenWidth width)
    {
        BuildJournal journal;
        try
        {
            journal = JsonSerializer.Deserialize<BuildJournal>(File.ReadAllText(folder.Journal), Options) ?? throw new JsonException("it is null");
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UnusableBuildException($"its journal cannot be read ({problem.Message.ReplaceLineEndings(" ").TrimEnd('.')})", problem);
        }
        if (journal.Version != CurrentVersion)
            throw new UnusableBuildException("it was begun by another version of the program");
        if (journal.Key != key)
            throw new UnusableBuildException("the reference or the tokenizer has changed since");
        if (journal.ShardTokens != shardTokens)
            throw new UnusableBuildException($"it was begun with another \"memory\" or \"threads\", for shards of {journal.ShardTokens:N0} tokens");
        if (!journal.IsConsistent(sources, (int)width))
            throw new UnusableBuildException("its journal contradicts itself");
        return journal;
    }

    private bool IsConsistent(int sources, int width)
    {
        long given = 0, held = 0;
        for (int i = 0; i < Sources.Count; i++)
        {
            if (Sources[i] is not { Documents: >= 0 } source || i >= sources || (!source.Finished && i < Sources.Count - 1))
                return false;
            given += source.Documents;
        }
        for (int i = 0; i < Shards.Count; i++)
        {
            if (Shards[i] is not { } shard || !IsConsistent(shard, width) || (!shard.Closed && (i < Shards.Count - 1 || TextComplete)))
                return false;
            held += shard.Documents;
        }
        return given == held && (!TextComplete || Shards.Count > 0);
    }

    private bool IsConsistent(JournaledShard shard, int width)
    {
        foreach (string kind in (string[])[IndexFiles.Tokens, IndexFiles.Offsets, IndexFiles.Metadata, IndexFiles.MetadataOffsets, IndexFiles.Unigram, IndexFiles.Table])
        {
            bool expected = kind switch { IndexFiles.Table => shard.HasTable, IndexFiles.Unigram => shard.Closed, _ => true };
            if (!shard.Files.TryGetValue(kind, out IndexFileRecord? record) ? expected : !expected || record is null || record.Bytes < 0)
                return false;
        }
        return shard.Documents > 0 && shard.Tokens >= shard.Documents && shard.Tokens <= ShardTokens && (shard.Closed || !shard.HasTable)
            && shard.Files[IndexFiles.Tokens].Bytes == shard.Tokens * width
            && shard.Files[IndexFiles.Offsets].Bytes == shard.Documents * sizeof(long)
            && shard.Files[IndexFiles.MetadataOffsets].Bytes == shard.Documents * sizeof(long);
    }

    /// <summary>Writes the journal, whole or not at all.</summary>
    public void Write(BuildFolder folder)
    {
        string text = JsonSerializer.Serialize(this, Options);
        if (folder.FlushToDisk)
        {
            OutputFile.WriteAllText(folder.Journal, text);
            return;
        }
        string temporary = folder.Journal + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, folder.Journal, overwrite: true);
    }
}

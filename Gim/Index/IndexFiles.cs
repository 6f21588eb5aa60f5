using System.Text.RegularExpressions;

namespace Gim.Index;

/// <summary>The files of one shard.</summary>
/// <param name="Folder">The folder they are in.</param>
/// <param name="Ending">What follows the kind in their names: ".0" in the v4 and v5 layouts, nothing in v6.</param>
/// <param name="HasMetadata">Whether documents have metadata.</param>
/// <param name="HasUnigram">Whether there are token counts.</param>
internal readonly record struct ShardFiles(string Folder, string Ending, bool HasMetadata, bool HasUnigram)
{
    public string Path(string kind) => System.IO.Path.Combine(Folder, kind + Ending);
}

/// <summary>
/// The file names of an infini-gram folder: <c>table.0</c>, <c>table.1</c>, ... in the v4 layout and the reversed v5, one shard
/// <c>table</c> in v6. Files are told apart by their whole name, so other files may stand beside them; the original
/// engine looks for these words anywhere in the full path, and a folder meant for it should have none of them in its
/// path.
/// </summary>
internal static partial class IndexFiles
{
    public const string Tokens = "tokenized";
    public const string Table = "table";
    public const string Offsets = "offset";
    public const string Metadata = "metadata";
    public const string MetadataOffsets = "metaoff";
    public const string Unigram = "unigram";

    /// <summary>What to do about a damaged index; ends a sentence.</summary>
    public const string Advice = "it must be built again";

    [GeneratedRegex(@"^(tokenized|table|offset|metadata|metaoff|unigram)(\.[0-9]+)?$")]
    private static partial Regex Name();

    /// <summary>
    /// The shards in a folder, in the string order of their names: the order in which the original engine numbers
    /// documents.
    /// </summary>
    /// <exception cref="InputException">There is no folder, no index in it, or a file of a shard is missing.</exception>
    public static IReadOnlyList<ShardFiles> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"index folder {folder} {(File.Exists(folder) ? "is a file: give the folder that the index is in" : "does not exist")}");
        var kinds = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            var match = Name().Match(Path.GetFileName(path));
            if (!match.Success)
                continue;
            if (!kinds.TryGetValue(match.Groups[1].Value, out var shards))
                kinds[match.Groups[1].Value] = shards = new SortedSet<string>(StringComparer.Ordinal);
            shards.Add(match.Groups[2].Value);
        }
        if (!kinds.TryGetValue(Tokens, out var found))
            throw new InputException($"no index in {folder}: it has no file {Tokens}.0 or {Tokens}");
        foreach (string kind in (string[])[Table, Offsets])
            RequireSame(folder, kind, found, kinds.GetValueOrDefault(kind));
        bool hasMetadata = kinds.TryGetValue(Metadata, out var metadata) || kinds.ContainsKey(MetadataOffsets), hasUnigram = kinds.TryGetValue(Unigram, out var unigram);
        if (hasMetadata)
        {
            RequireSame(folder, Metadata, found, metadata);
            RequireSame(folder, MetadataOffsets, found, kinds.GetValueOrDefault(MetadataOffsets));
        }
        if (hasUnigram)
            RequireSame(folder, Unigram, found, unigram);
        return [.. found.Select(ending => new ShardFiles(folder, ending, hasMetadata, hasUnigram))];
    }

    private static void RequireSame(string folder, string kind, SortedSet<string> shards, SortedSet<string>? present)
    {
        foreach (string ending in shards)
        {
            if (present is null || !present.Contains(ending))
                throw new InputException($"index in {folder} is incomplete: {Tokens}{ending} has no {kind}{ending}; {Advice}");
        }
    }
}

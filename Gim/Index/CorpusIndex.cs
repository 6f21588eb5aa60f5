using System.Security.Cryptography;
using Gim.Progress;

namespace Gim.Index;

/// <summary>Ranks [Low, High) of one shard: the places at which a query occurs.</summary>
public readonly record struct RankRange(int Shard, long Low, long High)
{
    public long Count => High - Low;
}

/// <summary>
/// A reference corpus that answers how often a string of tokens occurs and what follows it: infini-gram's files (layouts
/// v4, v5 and v6), opened as they are. Safe to query from several threads at once.
/// </summary>
public sealed class CorpusIndex : IDisposable
{
    private readonly IndexShard[] shards;

    private CorpusIndex(IReadOnlyList<string> folders, IndexShard[] shards, int endOfText, IReadOnlyList<IndexManifest?> manifests)
    {
        Folders = folders;
        this.shards = shards;
        EndOfText = endOfText;
        Manifests = manifests;
        foreach (IndexShard shard in shards)
        {
            Tokens += shard.TokenCount;
            Documents += shard.DocumentCount;
        }
    }

    /// <summary>The folders that the index is in, in the order of their documents' numbers.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>The folders for messages.</summary>
    public string Name => Folders.Count == 1 ? Folders[0] : $"{Folders[0]} and {Folders.Count - 1} more";

    /// <summary>What gim.json says in each of the folders; null for a bare infini-gram folder.</summary>
    public IReadOnlyList<IndexManifest?> Manifests { get; }

    public IReadOnlyList<IndexShard> Shards => shards;

    /// <summary>Tokens in all shards, one separator per document included.</summary>
    public long Tokens { get; }

    /// <summary>Documents in all shards.</summary>
    public long Documents { get; }

    /// <summary>The token that a document's end counts as.</summary>
    public int EndOfText { get; }

    /// <summary>Opens a folder.</summary>
    /// <inheritdoc cref="Open(IReadOnlyList{string}, TokenWidth?, int?, bool?)"/>
    public static CorpusIndex Open(string folder, TokenWidth? width = null, int? endOfText = null, bool? reversed = null)
        => Open([folder], width, endOfText, reversed);

    /// <summary>Opens folders as one index: their shards follow each other, and so do the numbers of their documents.</summary>
    /// <param name="folders">Where the files are: one folder or more.</param>
    /// <param name="width">Token width of folders without gim.json; null takes what gim.json says.</param>
    /// <param name="endOfText">End-of-text token of such folders; null likewise.</param>
    /// <param name="reversed">Whether such folders are of infini-gram's v5 layout, every document from its last token to its first; null is no.</param>
    /// <exception cref="InputException">Files are missing, do not fit each other, or contradict the arguments or each other.</exception>
    public static CorpusIndex Open(
        IReadOnlyList<string> folders, TokenWidth? width = null, int? endOfText = null, bool? reversed = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        var shards = new List<IndexShard>();
        var manifests = new List<IndexManifest?>();
        int? eos = endOfText;
        try
        {
            foreach (string folder in folders)
            {
                IReadOnlyList<ShardFiles> files = IndexFiles.Find(folder);
                IndexManifest? manifest = IndexManifest.Read(folder);
                TokenWidth? written = manifest is null ? null : TokenWidths.Parse(manifest.TokenType, Path.Combine(folder, IndexManifest.FileName));
                TokenWidth tokenWidth = Agree(folder, "tokenType", width, written, TokenWidths.Name);
                int end = Agree(folder, "eos", endOfText, manifest?.Eos, id => $"{id}");
                if (end < 0 || !tokenWidth.TryOrder(end, out _))
                    throw new InputException($"index in {folder}: end-of-text token {end} cannot be one of {tokenWidth.Name()} tokens; check eos and tokenType (--eos, --token-type)");
                bool turned = Agree(folder, "reversed", reversed, manifest is null ? reversed ?? false : false, value => value ? "true" : "false");
                if (eos is not null && eos != end)
                    throw new InputException($"index in {folder}: its end-of-text token is {end}, that of {folders[0]} is {eos}; folders of one index must share their tokenizer");
                eos = end;
                int before = shards.Count;
                foreach (ShardFiles shard in files)
                    shards.Add(IndexShard.Open(shard, tokenWidth, turned));
                CheckManifest(folder, manifest, shards.Skip(before));
                manifests.Add(manifest);
            }
            return new CorpusIndex(folders, [.. shards], eos!.Value, manifests);
        }
        catch
        {
            foreach (IndexShard shard in shards)
                shard.Dispose();
            throw;
        }
    }

    private static void CheckManifest(string folder, IndexManifest? manifest, IEnumerable<IndexShard> shards)
    {
        if (manifest is null)
            return;
        long tokens = shards.Sum(shard => shard.TokenCount), documents = shards.Sum(shard => shard.DocumentCount);
        if (manifest.Tokens != tokens || manifest.Documents != documents)
        {
            throw new InputException(
                $"index in {folder} holds {tokens:N0} tokens in {documents:N0} documents where {IndexManifest.FileName} says {manifest.Tokens:N0} in {manifest.Documents:N0}; {IndexFiles.Advice}");
        }
    }

    private static T Agree<T>(string folder, string key, T? given, T? written, Func<T, string> say)
        where T : struct
    {
        if (given is null && written is null)
            throw new InputException($"index in {folder} has no {IndexManifest.FileName}: say its \"{key}\" in the config, beside its path");
        if (given is not null && written is not null && !given.Value.Equals(written.Value))
            throw new InputException($"index in {folder}: the config says {key} {say(given.Value)}, its {IndexManifest.FileName} says {say(written.Value)}; leave {key} out of the config");
        return given ?? written!.Value;
    }

    /// <summary>
    /// Compares every file with the size and SHA-256 that gim.json recorded. A folder without gim.json has nothing to
    /// compare with and passes.
    /// </summary>
    /// <exception cref="InputException">A file is missing or not what was written.</exception>
    public static void Verify(string folder, IJobLog log, CancellationToken cancellation)
    {
        if (IndexManifest.Read(folder) is not { } manifest)
            return;
        using IJobProgress progress = log.Start("checking the index", manifest.Files.Values.Sum(file => file.Bytes), "bytes");
        byte[] buffer = new byte[1 << 20];
        foreach (var (name, record) in manifest.Files)
        {
            string path = Path.Combine(folder, name);
            // A name with a folder in it would lead out of the index.
            if (name != Path.GetFileName(name) || !File.Exists(path))
                throw new InputException($"index file {path} is missing; {IndexFiles.Advice}");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream file = File.OpenRead(path);
            if (file.Length != record.Bytes)
                throw new InputException($"index file {path} has {file.Length:N0} bytes where {record.Bytes:N0} were written; {IndexFiles.Advice}");
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                progress.Advance(read);
            }
            if (!Convert.ToHexStringLower(hash.GetHashAndReset()).Equals(record.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new InputException($"index file {path} is damaged: its SHA-256 is not the one written; {IndexFiles.Advice}");
        }
    }

    /// <summary>The places of <paramref name="query"/>: for every shard the ranks of the suffixes that begin with it.</summary>
    public RankRange[] Find(ReadOnlySpan<int> query)
    {
        var ranges = new RankRange[shards.Length];
        uint[] orders = new uint[query.Length];
        for (int s = 0; s < shards.Length; s++)
        {
            var (low, high) = TryOrder(shards[s].Width, query, orders) ? shards[s].Find(orders) : (0, 0);
            ranges[s] = new RankRange(s, low, high);
        }
        return ranges;
    }

    /// <summary>How often <paramref name="query"/> occurs; every token counts for the empty query.</summary>
    public long Count(ReadOnlySpan<int> query)
    {
        long count = 0;
        foreach (RankRange range in Find(query))
            count += range.Count;
        return count;
    }

    /// <summary>
    /// Counts the tokens that follow <paramref name="query"/>, exactly: a document's end counts as
    /// <see cref="EndOfText"/>. The result is merged into what <paramref name="counts"/> holds.
    /// </summary>
    public void NextTokens(ReadOnlySpan<int> query, TokenCounts counts)
    {
        foreach (RankRange range in Find(query))
            shards[range.Shard].AddNextTokens(range.Low, range.High, query.Length, EndOfText, counts);
        counts.Merge();
    }

    internal static bool TryOrder(TokenWidth width, ReadOnlySpan<int> tokens, Span<uint> orders)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (!width.TryOrder(tokens[i], out orders[i]))
                return false;
        }
        return true;
    }

    public void Dispose()
    {
        foreach (IndexShard shard in shards)
            shard.Dispose();
    }
}

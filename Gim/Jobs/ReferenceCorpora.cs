using Gim.Config;
using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>
/// Opens the reference corpora of a run: indexes built before as they are, sources of documents through the cache.
/// Every source has an index of its own, so that adding one to a config builds only that one; the answers are the same
/// as of one index over all.
/// </summary>
internal sealed class ReferenceCorpora : IDisposable
{
    private readonly List<CorpusIndex> indexes = [];

    public IReadOnlyList<CorpusIndex> Indexes => indexes;

    public long Documents => indexes.Sum(index => index.Documents);

    public long Tokens => indexes.Sum(index => index.Tokens);

    /// <summary>Changes whenever the corpora do.</summary>
    public string Fingerprint => string.Join("\n", indexes.SelectMany(index => index.Folders.Zip(index.Manifests, (folder, manifest) =>
        manifest is not null
            ? string.Join(",", manifest.Files.Select(file => file.Value.Sha256))
            : string.Join(",", new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}").Append($"{index.EndOfText}")))));

    public static ReferenceCorpora Open(
        IReadOnlyList<SourceConfig> sources, Tokenizer tokenizer, OwnFolders own, int threads, IJobLog log, CancellationToken cancellation)
    {
        var corpora = new ReferenceCorpora();
        try
        {
            var indexCache = new IndexCache(own.Cache);
            foreach (SourceConfig source in sources)
            {
                corpora.indexes.Add(source switch
                {
                    IndexSourceConfig built => OpenBuilt(built, tokenizer, log, cancellation),
                    DocumentSourceConfig documents => indexCache.Open([SourceFactory.Create(documents, own)], tokenizer, threads, log, cancellation),
                    _ => throw new ArgumentOutOfRangeException(nameof(sources), source.GetType().Name),
                });
            }
            return corpora;
        }
        catch
        {
            corpora.Dispose();
            throw;
        }
    }

    private static CorpusIndex OpenBuilt(IndexSourceConfig source, Tokenizer tokenizer, IJobLog log, CancellationToken cancellation)
    {
        TokenWidth? width = source.TokenType is { } type ? TokenWidths.Parse(type, "tokenType") : null;
        TokenWidth needed = TokenWidths.For(tokenizer.VocabularySize, tokenizer.IsBytes);
        if (width < needed)
        {
            throw new InputException(
                $"index in {source.Path}: \"tokenType\" {source.TokenType} cannot hold the tokens of {tokenizer.Name}, whose ids are 0 to {tokenizer.VocabularySize - 1}; they need at least {needed.Name()}");
        }
        IReadOnlyList<string> folders = IndexFolders.Match(source.Path);
        foreach (string folder in folders)
            CorpusIndex.Verify(folder, log, cancellation);
        // A bare folder does not say its end of text; the tokenizer's is what its builder was given.
        bool bare = folders.Any(folder => Directory.Exists(folder) && IndexManifest.Read(folder) is null);
        CorpusIndex index = CorpusIndex.Open(folders, width, source.Eos ?? (bare ? tokenizer.EndOfText : null), source.Reversed);
        if (index.Manifests.FirstOrDefault(manifest => manifest is not null && manifest.Tokenizer.Hash != tokenizer.Hash) is { } other)
        {
            index.Dispose();
            throw new InputException(
                $"index in {source.Path} was tokenised with {other.Tokenizer.Name}, which is not the config's \"tokenizer\" ({tokenizer.Name}); set \"tokenizer\" to the same, or build the index again");
        }
        if ((uint)index.EndOfText >= (uint)tokenizer.VocabularySize)
        {
            index.Dispose();
            throw new InputException(
                $"index in {source.Path}: \"eos\" {index.EndOfText} is not a token of {tokenizer.Name}, whose ids are 0 to {tokenizer.VocabularySize - 1}");
        }
        log.Info($"index opened: {index.Tokens:N0} tokens, {index.Documents:N0} documents, from {source.Path}");
        return index;
    }

    public void Dispose()
    {
        foreach (CorpusIndex index in indexes)
            index.Dispose();
    }
}

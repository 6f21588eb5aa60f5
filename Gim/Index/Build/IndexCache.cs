using Gim.Files;
using Gim.Progress;
using Gim.Text;

namespace Gim.Index.Build;

/// <summary>
/// Built indexes kept under the key of what they were built from. One that was damaged since is built again, never read;
/// one that was left unfinished is gone on with. Of several runs that need the same new one, one builds it and the
/// others wait for it.
/// </summary>
public sealed class IndexCache(string folder)
{
    // Enough of the key that two never meet, short enough for systems with short paths.
    private const int NameLength = 24;

    /// <summary>The index of the sources: the kept one when it is whole, else a new one.</summary>
    public CorpusIndex Open(
        IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, int threads, IJobLog log, CancellationToken cancellation)
        => Open(sources, tokenizer, new IndexBuildSettings { Threads = threads }, log, cancellation);

    /// <inheritdoc cref="Open(IReadOnlyList{IDocumentSource}, Tokenizer, int, IJobLog, CancellationToken)"/>
    public CorpusIndex Open(
        IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, IndexBuildSettings settings, IJobLog log, CancellationToken cancellation)
    {
        string key = IndexBuilder.Key(sources, tokenizer);
        string place = Path.Combine(folder, $"index-{key[..NameLength]}");
        bool tried = File.Exists(Path.Combine(place, IndexManifest.FileName));
        if (tried && TryReuse(place, key, log, cancellation) is { } kept)
            return kept;
        OutputFile.CreateFolder(folder);
        var (turn, waited) = FileTurn.Take($"{place}.lock", $"waiting for another run that builds the index in {place}", log, cancellation);
        using (turn)
        {
            if ((!tried || waited) && TryReuse(place, key, log, cancellation) is { } built)
                return built;
            return Build(sources, tokenizer, place, settings, log, cancellation);
        }
    }

    private static CorpusIndex Build(
        IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, string place, IndexBuildSettings settings, IJobLog log, CancellationToken cancellation)
    {
        OutputFile.CreateFolder(place);
        OutputFile.RemoveUnfinished(place);
        IndexManifest manifest = IndexBuilder.Build(sources, tokenizer, place, settings, log, cancellation);
        CorpusIndex index = CorpusIndex.Open(place);
        string shards = index.Shards.Count == 1 ? "" : $" in {index.Shards.Count:N0} shards";
        log.Info($"index built: {index.Tokens:N0} tokens, {index.Documents:N0} documents, {manifest.Files.Values.Sum(file => file.Bytes) / 1e6:N1} MB{shards}, in {place}");
        return index;
    }

    private static CorpusIndex? TryReuse(string place, string key, IJobLog log, CancellationToken cancellation)
    {
        if (!Directory.Exists(place))
            return null;
        try
        {
            if (IndexManifest.Read(place) is not { } manifest)
            {
                if (!new BuildFolder(place).Exists)
                    log.Warn($"index in {place} was not finished; building it again");
                return null;
            }
            if (manifest.Key != key)
            {
                log.Warn($"index in {place} was built from something else; building it again");
                return null;
            }
            CorpusIndex.Verify(place, log, cancellation);
            CorpusIndex index = CorpusIndex.Open(place);
            log.Info($"index reused: {index.Tokens:N0} tokens, {index.Documents:N0} documents, from {place}");
            return index;
        }
        catch (InputException problem)
        {
            log.Warn($"{problem.Message}: doing so now");
            return null;
        }
    }
}

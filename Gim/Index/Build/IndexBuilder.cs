using System.Security.Cryptography;
using System.Text;
using Gim.Progress;
using Gim.Text;

namespace Gim.Index.Build;

/// <summary>
/// Builds an index from sources of documents: tokenise on all cores, append, sort, write. A build that was stopped or
/// killed is gone on with when the same one is asked for again.
/// </summary>
public static class IndexBuilder
{
    // A change to how indexes are made changes this number, and with it every key: old indexes are then not reused.
    private const int Recipe = 2;

    /// <summary>
    /// A fingerprint (64 hex digits) of everything that decides the index: the sources with their files' sizes and
    /// times, the tokenizer, and the recipe. Equal keys mean that a built index can be used again.
    /// </summary>
    public static string Key(IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer)
    {
        var text = new StringBuilder();
        text.Append("recipe ").Append(Recipe).Append('\n').Append("tokenizer ").Append(tokenizer.Hash).Append('\n');
        foreach (IDocumentSource source in sources)
            text.Append("source ").Append(source.Fingerprint).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Builds an index of all documents of <paramref name="sources"/> in <paramref name="folder"/>: consecutive documents
    /// fill one shard after another, each as large as the memory allows. An earlier index there stays until the new one
    /// is whole. When this is stopped, the next call goes on, and the index is the same as without the stop.
    /// </summary>
    /// <returns>What gim.json holds.</returns>
    /// <exception cref="InputException">
    /// The sources hold no document, cannot be read, or the folder cannot be written; the memory is too small for any
    /// shard, or for one of the documents; the disk is too small.
    /// </exception>
    public static IndexManifest Build(
        IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, string folder, IndexBuildSettings settings, IJobLog log,
        CancellationToken cancellation)
    {
        TokenWidth width = TokenWidths.For(tokenizer.VocabularySize, tokenizer.IsBytes);
        string key = Key(sources, tokenizer);
        try
        {
            using IndexWriter? resumed = IndexWriter.TryResume(folder, width, tokenizer.VocabularySize, settings, key, sources.Count, log, cancellation);
            if (resumed is not null)
                return Build(resumed, sources, tokenizer, key, settings, log, cancellation);
        }
        catch (UnusableBuildException problem)
        {
            log.Warn($"the unfinished build in {folder} is of no use: {problem.Message}; starting over");
        }
        using var writer = new IndexWriter(folder, width, tokenizer.VocabularySize, settings, key, journaled: true);
        return Build(writer, sources, tokenizer, key, settings, log, cancellation);
    }

    private static IndexManifest Build(
        IndexWriter writer, IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, string key, IndexBuildSettings settings,
        IJobLog log, CancellationToken cancellation)
    {
        try
        {
            for (int i = 0; i < sources.Count; i++)
                Tokenise(writer, sources[i], i, tokenizer, settings, log, cancellation);
        }
        catch (OperationCanceledException)
        {
            writer.Save();
            throw;
        }
        if (writer.DocumentCount == 0)
        {
            writer.Discard();
            throw new InputException(
                $"the reference corpus is empty: {string.Join(", ", sources.Select(source => source.Name))} gave no document; check the reference's path and field names");
        }
        return writer.Finish(new IndexTokenizer(tokenizer.Name, tokenizer.Hash), tokenizer.EndOfText, key, log, cancellation);
    }

    /// <summary>Appends what of a source is not in yet; what it left out is said in any case.</summary>
    private static void Tokenise(
        IndexWriter writer, IDocumentSource source, int number, Tokenizer tokenizer, IndexBuildSettings settings, IJobLog log, CancellationToken cancellation)
    {
        if (writer.Sources.Count == number)
            writer.Sources.Add(new JournaledSource(0, Finished: false, []));
        JournaledSource state = writer.Sources[number];
        if (!state.Finished)
        {
            var counts = new SourceCounts();
            var garbage = new GarbageLimit(BuildMemory.IsTight(settings.MemoryBytes, tokenizer.VocabularySize, settings.Threads));
            IDocumentSource rest = state.Documents == 0 ? source : new ResumedSource(source, state.Documents);
            using (IJobProgress progress = log.Start($"tokenising {source.Name}", source.TotalBytes, "bytes"))
            {
                foreach (TokenizedDocument document in DocumentTokenizer.Run(rest, tokenizer, settings.Threads, counts, progress, cancellation))
                {
                    writer.Append(document.Tokens, MetadataLine.Of(document.Document));
                    state = state with { Documents = state.Documents + 1 };
                    writer.Sources[number] = state;
                    writer.SaveWhenDue();
                    garbage.Keep();
                }
            }
            state = state with { Finished = true, Warnings = [.. counts.Lines(source.Name)] };
            writer.Sources[number] = state;
        }
        foreach (string warning in state.Warnings)
            log.Warn(warning);
    }
}

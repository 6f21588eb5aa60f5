using Gim.Progress;

namespace Gim.Text;

/// <summary>A document and its tokens.</summary>
public sealed record TokenizedDocument(Document Document, int[] Tokens);

/// <summary>
/// Tokenises a source's documents on all cores, in the source's order. Documents travel in batches; only as many
/// batches as there are threads are held at a time, so memory does not grow with the source.
/// </summary>
public static class DocumentTokenizer
{
    private const int BatchCharacters = 1 << 18;

    public static IEnumerable<TokenizedDocument> Run(
        IDocumentSource source, Tokenizer tokenizer, int threads, SourceCounts counts, IJobProgress progress,
        CancellationToken cancellation)
    {
        if (threads == 1)
        {
            foreach (Document document in source.Read(counts, progress, cancellation))
                yield return new TokenizedDocument(document, tokenizer.Encode(document.Text));
            yield break;
        }

        // The caller's thread reads and unpacks; as many others as there are threads tokenise.
        var running = new Queue<Task<TokenizedDocument[]>>();
        var batch = new List<Document>();
        int characters = 0;
        foreach (Document document in source.Read(counts, progress, cancellation))
        {
            batch.Add(document);
            characters += document.Text.Length;
            if (characters < BatchCharacters)
                continue;
            running.Enqueue(Start(batch, tokenizer, cancellation));
            batch = [];
            characters = 0;
            if (running.Count <= threads)
                continue;
            foreach (TokenizedDocument done in running.Dequeue().GetAwaiter().GetResult())
                yield return done;
        }
        running.Enqueue(Start(batch, tokenizer, cancellation));
        while (running.TryDequeue(out var next))
        {
            foreach (TokenizedDocument done in next.GetAwaiter().GetResult())
                yield return done;
        }
    }

    private static Task<TokenizedDocument[]> Start(List<Document> batch, Tokenizer tokenizer, CancellationToken cancellation)
        => Task.Run(
            () =>
            {
                var done = new TokenizedDocument[batch.Count];
                for (int i = 0; i < done.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    done[i] = new TokenizedDocument(batch[i], tokenizer.Encode(batch[i].Text));
                }
                return done;
            },
            cancellation);
}

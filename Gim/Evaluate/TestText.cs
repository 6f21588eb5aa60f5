using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gim.Progress;
using Gim.Text;

namespace Gim.Evaluate;

/// <summary>The text that is predicted: the tokens of its documents, one after another without separators.</summary>
public sealed class TestText
{
    private readonly int[] tokens;
    private readonly long[] starts;

    private TestText(int[] tokens, long[] starts)
    {
        this.tokens = tokens;
        this.starts = starts;
    }

    /// <summary>All tokens [n].</summary>
    public ReadOnlyMemory<int> Tokens => tokens;

    public long TokenCount => tokens.Length;

    public int DocumentCount => starts.Length - 1;

    /// <summary>Token positions [start, end) of a document.</summary>
    public (long Start, long End) Bounds(int document) => (starts[document], starts[document + 1]);

    /// <summary>SHA-256 of tokens and borders: equal for equal texts.</summary>
    public string Hash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(MemoryMarshal.AsBytes(starts.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Takes documents as tokens.</summary>
    public static TestText From(IEnumerable<int[]> documents)
    {
        var tokens = new List<int>();
        var starts = new List<long> { 0 };
        foreach (int[] document in documents)
        {
            // One array holds them all: contexts that run over document borders need no copy.
            if ((long)tokens.Count + document.Length > Array.MaxLength)
                throw new InputException($"the test text has more than {Array.MaxLength:N0} tokens; use fewer of its files");
            tokens.AddRange(document);
            starts.Add(tokens.Count);
        }
        return new TestText([.. tokens], [.. starts]);
    }

    /// <summary>Reads and tokenises a source.</summary>
    /// <exception cref="InputException">The source gives no document or cannot be read.</exception>
    public static TestText Read(IDocumentSource source, Tokenizer tokenizer, int threads, IJobLog log, CancellationToken cancellation)
    {
        var counts = new SourceCounts();
        TestText text;
        using (IJobProgress progress = log.Start($"tokenising {source.Name}", source.TotalBytes, "bytes"))
            text = From(DocumentTokenizer.Run(source, tokenizer, threads, counts, progress, cancellation).Select(document => document.Tokens));
        counts.Report(source.Name, log);
        if (text.DocumentCount == 0)
            throw new InputException($"the test text is empty: {source.Name} gave no document; check the test's path and field names");
        return text;
    }
}

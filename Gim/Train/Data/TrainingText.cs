using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gim.Progress;
using Gim.Text;

namespace Gim.Train.Data;

/// <summary>
/// A source's tokens in memory: those to train on, document after document without separators, and the documents (or
/// the end of one) held back for validation. Together they are the source's tokens, each once.
/// </summary>
internal sealed class TrainingText : ITrainingTokens
{
    private readonly TokenBlocks tokens;

    private TrainingText(string name, TokenBlocks tokens, int documents, IReadOnlyList<int[]> validation)
    {
        this.tokens = tokens;
        Name = name;
        Documents = documents;
        ValidationDocuments = validation;
        Hash = HashOf(tokens, validation);
    }

    public string Name { get; }

    /// <summary>Tokens to train on.</summary>
    public long TokenCount => tokens.Count;

    /// <summary>Documents of the source, on both sides.</summary>
    public int Documents { get; }

    /// <summary>Tokens of each document that is held back, in the source's order.</summary>
    public IReadOnlyList<int[]> ValidationDocuments { get; }

    /// <summary>SHA-256 of the tokens of both sides: a run that goes on can tell whether its text changed.</summary>
    public string Hash { get; }

    /// <summary>Reads and tokenises a source and holds a share of it back.</summary>
    /// <param name="name">What the source is called in messages.</param>
    /// <param name="source">Read once, from beginning to end.</param>
    /// <param name="tokenizer">Cuts its documents.</param>
    /// <param name="validationShare">Part of the tokens to hold back, from 0 to 1/2.</param>
    /// <param name="seed">Of the drawing of held-back documents.</param>
    /// <param name="sides">Of all sources of the run; it learns this one's documents.</param>
    /// <exception cref="InputException">The source gives no document or cannot be read.</exception>
    public static TrainingText Read(
        string name, IDocumentSource source, Tokenizer tokenizer, double validationShare, long seed, DocumentSides sides, int threads,
        IJobLog log, CancellationToken cancellation)
    {
        if (validationShare is not (>= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(validationShare), validationShare, "is not from 0 to 1/2");
        var counts = new SourceCounts();
        var tokens = new TokenBlocks(tokenizer.VocabularySize);
        var words = new List<UInt128>();
        var lengths = new List<int>();
        using (IJobProgress progress = log.Start($"tokenising {source.Name}", source.TotalBytes, "bytes"))
        {
            foreach (TokenizedDocument document in DocumentTokenizer.Run(source, tokenizer, threads, counts, progress, cancellation))
            {
                tokens.Append(document.Tokens);
                words.Add(DocumentSides.Words(document.Document.Text));
                lengths.Add(document.Tokens.Length);
            }
        }
        counts.Report(source.Name, log);
        if (tokens.Count == 0)
            throw new InputException($"the training text \"{name}\" is empty: {source.Name} gave no document; check its path and field names");
        int[] kept = sides.Deal(words, lengths, validationShare, seed);
        if (kept.Index().Any(one => one.Item > 0 && one.Item < lengths[one.Index]))
            log.Warn($"the training text \"{name}\" has no document small enough to hold out whole; the end of its longest one is held out instead, and its beginning trained on");
        IReadOnlyList<int[]> validation = HoldBack(tokens, lengths, kept);
        return new TrainingText(name, tokens, lengths.Count, validation);
    }

    /// <inheritdoc/>
    public void Read(long start, Span<int> destination) => tokens.Read(start, destination);

    /// <summary>Takes each document's tokens from the <paramref name="kept"/> first on out of the text, and closes it up.</summary>
    private static List<int[]> HoldBack(TokenBlocks tokens, List<int> lengths, int[] kept)
    {
        var validation = new List<int[]>();
        long from = 0, to = 0;
        for (int i = 0; i < lengths.Count; i++)
        {
            if (kept[i] < lengths[i])
            {
                int[] held = new int[lengths[i] - kept[i]];
                tokens.Read(from + kept[i], held);
                validation.Add(held);
            }
            tokens.MoveDown(from, to, kept[i]);
            from += lengths[i];
            to += kept[i];
        }
        tokens.Finish(to);
        return validation;
    }

    private static string HashOf(TokenBlocks tokens, IReadOnlyList<int[]> validation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<long>([tokens.Width, tokens.Count, validation.Count]));
        tokens.AppendTo(hash);
        foreach (int[] document in validation)
        {
            hash.AppendData(MemoryMarshal.AsBytes<long>([document.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(document.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

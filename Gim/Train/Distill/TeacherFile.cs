using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gim.Config;
using Gim.Progress;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Text;

namespace Gim.Train.Distill;

/// <summary>
/// What a teacher (a language model) expects next at every position of a text, as a safetensors file: of n positions
/// each, the k most probable next tokens, given the tokens of the document up to and including that position.
/// <list type="bullet">
/// <item><c>tokens</c> I32 [n]: the text, documents one after another without separators;</item>
/// <item><c>document_starts</c> I64 [m]: the first position of every document, ascending from 0;</item>
/// <item><c>top_ids</c> I32 [n, k]: the tokens a row lists, in any order, each once;</item>
/// <item><c>top_logprobs</c> F32 or F16 [n, k]: their natural log-probabilities, in the same order;</item>
/// <item>metadata <c>gim_tokenizer</c> and <c>gim_tokenizer_hash</c> (the tokenizer's name and hash, as in model files), and
/// <c>vocab_size</c>, V: every id is from 0 to V - 1.</item>
/// </list>
/// What probability a row leaves belongs to the tokens it does not list (<see cref="TeacherDistances"/>). The whole file is
/// checked once, when it is opened; it is then read where it is asked for, and may be larger than memory. Used by one
/// thread at a time.
/// </summary>
internal sealed class TeacherFile : ITrainingTokens, IDisposable
{
    /// <summary>Values that are checked in one go.</summary>
    private const int Block = 1 << 18;

    private readonly SafetensorsParts file;
    private readonly SafetensorsHeader.Entry tokens, ids, logProbabilities;
    private readonly long[] documentStarts;
    private int largestToken;

    private TeacherFile(SafetensorsParts file)
    {
        this.file = file;
        var metadata = new MetadataReader(file.Metadata, file.Source);
        Vocabulary = metadata.Integer("vocab_size", 1, int.MaxValue);
        Tokenizer = Text("gim_tokenizer");
        TokenizerHash = Text("gim_tokenizer_hash");
        tokens = Find("tokens", "I32 [n]", entry => entry.Type == ElementType.I32 && entry.Shape.Length == 1);
        TokenCount = tokens.Length;
        if (TokenCount == 0)
            throw new InputException($"{file.Source}: tensor 'tokens' is empty; expected the tokens that the teacher read");
        ids = Find("top_ids", $"I32 [{TokenCount}, k], a row for each of the tokens", entry => entry.Type == ElementType.I32 && IsOfPositions(entry));
        Top = ids.Shape[1];
        if (Top < 1 || Top > Vocabulary)
            throw new InputException($"{file.Source}: tensor 'top_ids' has {Top} ids a row; expected from 1 to vocab_size, {Vocabulary}");
        logProbabilities = Find("top_logprobs", $"F32 or F16 [{TokenCount}, {Top}], as 'top_ids' is",
            entry => entry.Type is ElementType.F32 or ElementType.F16 && IsOfPositions(entry) && entry.Shape[1] == Top);
        SafetensorsHeader.Entry starts = Find("document_starts", "I64 [m]",
            entry => entry.Type == ElementType.I64 && entry.Shape.Length == 1 && entry.Length <= TokenCount && entry.Length <= Array.MaxLength);
        documentStarts = new long[starts.Length];
        file.Read(starts, 0, documentStarts);
    }

    public long TokenCount { get; }

    /// <summary>k: the tokens that a row lists.</summary>
    public int Top { get; }

    /// <summary>V.</summary>
    public int Vocabulary { get; }

    public string Tokenizer { get; }

    public string TokenizerHash { get; }

    /// <summary>What messages call this: its path.</summary>
    public string Source => file.Source;

    /// <summary>SHA-256 of the text and the teacher's rows: a run that goes on can tell whether they changed. Halves and the same values in float32 are alike.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>The first position of every document, ascending from 0.</summary>
    public ReadOnlySpan<long> DocumentStarts => documentStarts;

    /// <param name="log">Told how far the check is; null: nobody.</param>
    /// <exception cref="InputException">The file cannot be read, or something in it is not as it must be.</exception>
    public static TeacherFile Open(string path, IJobLog? log = null, CancellationToken cancellation = default)
    {
        SafetensorsParts parts = SafetensorsParts.Open(path);
        try
        {
            var teacher = new TeacherFile(parts);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using IJobProgress progress = (log ?? SilentLog.Instance).Start("checking the teacher's file", teacher.TokenCount, "positions");
            teacher.CheckDocuments(hash);
            teacher.CheckTokens(hash, cancellation);
            teacher.CheckRows(hash, progress, cancellation);
            teacher.Hash = Convert.ToHexStringLower(hash.GetHashAndReset());
            return teacher;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the text was cut by the student's tokenizer.</summary>
    /// <exception cref="InputException">It was cut by another one.</exception>
    public void RequireTokenizer(Tokenizer tokenizer)
    {
        if (tokenizer.Hash != TokenizerHash)
            throw new InputException($"{file.Source} is of tokens of {Quote.Of(Tokenizer)}, which is not the \"tokenizer\" to train for ({tokenizer.Name}, gim_tokenizer_hash {tokenizer.Hash}); have the teacher read tokens of that one");
        if (largestToken >= tokenizer.VocabularySize)
            throw new InputException($"{file.Source} has the token {largestToken}, where the tokenizer ({tokenizer.Name}) has {tokenizer.VocabularySize}; was the file made with it?");
    }

    /// <summary>Where the document begins that a position lies in: windows before a position reach no further back.</summary>
    /// <param name="position">From 0 to <see cref="TokenCount"/> - 1.</param>
    public long DocumentStart(long position)
    {
        if (position < 0 || position >= TokenCount)
            throw new ArgumentOutOfRangeException(nameof(position), $"position {position} of a text of {TokenCount} tokens");
        int found = documentStarts.AsSpan().BinarySearch(position);
        return documentStarts[found >= 0 ? found : ~found - 1];
    }

    /// <inheritdoc/>
    public void Read(long start, Span<int> destination) => file.Read(tokens, start, destination);

    /// <summary>The rows of the positions from <paramref name="start"/> on.</summary>
    /// <param name="topIds">[positions, k]</param>
    /// <param name="topLogProbabilities">[positions, k]</param>
    public void ReadRows(long start, Span<int> topIds, Span<float> topLogProbabilities)
    {
        if (topIds.Length % Top != 0 || topIds.Length != topLogProbabilities.Length)
            throw new ArgumentException($"{topIds.Length} ids and {topLogProbabilities.Length} log-probabilities are no rows of {Top}", nameof(topIds));
        if (start < 0 || start > TokenCount - (topIds.Length / Top))
            throw new ArgumentOutOfRangeException(nameof(start), $"{topIds.Length / Top} positions from {start} on, in a text of {TokenCount} tokens");
        file.Read(ids, start * Top, topIds);
        file.Read(logProbabilities, start * Top, topLogProbabilities);
    }

    private void CheckDocuments(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<long>([Vocabulary, TokenCount, Top, documentStarts.Length]));
        hash.AppendData(MemoryMarshal.AsBytes(documentStarts.AsSpan()));
        if (documentStarts.Length == 0 || documentStarts[0] != 0)
            throw new InputException($"{file.Source}: tensor 'document_starts' {(documentStarts.Length == 0 ? "is empty" : $"begins with {documentStarts[0]}")}; expected 0 first, where the first document begins");
        for (int i = 1; i < documentStarts.Length; i++)
        {
            if (documentStarts[i] <= documentStarts[i - 1] || documentStarts[i] >= TokenCount)
                throw new InputException($"{file.Source}: tensor 'document_starts' has {documentStarts[i]} after {documentStarts[i - 1]}; expected ascending positions below {TokenCount}");
        }
    }

    private void CheckTokens(IncrementalHash hash, CancellationToken cancellation)
    {
        var block = new int[Math.Min(TokenCount, Block)];
        for (long start = 0; start < TokenCount; start += block.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<int> some = block.AsSpan(0, (int)Math.Min(block.Length, TokenCount - start));
            Read(start, some);
            hash.AppendData(MemoryMarshal.AsBytes(some));
            for (int i = 0; i < some.Length; i++)
            {
                if (some[i] < 0 || some[i] >= Vocabulary)
                    throw new InputException($"{file.Source}: tensor 'tokens' has {some[i]} at position {start + i}; expected ids from 0 to {Vocabulary - 1} (vocab_size {Vocabulary})");
                largestToken = Math.Max(largestToken, some[i]);
            }
        }
    }

    private void CheckRows(IncrementalHash hash, IJobProgress progress, CancellationToken cancellation)
    {
        long rows = Math.Min(TokenCount, Math.Max(1, Block / Top));
        int[] someIds = new int[rows * Top], sorted = new int[Top];
        float[] someLogs = new float[rows * Top];
        for (long start = 0; start < TokenCount; start += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(rows, TokenCount - start) * Top;
            ReadRows(start, someIds.AsSpan(0, count), someLogs.AsSpan(0, count));
            hash.AppendData(MemoryMarshal.AsBytes(someIds.AsSpan(0, count)));
            hash.AppendData(MemoryMarshal.AsBytes(someLogs.AsSpan(0, count)));
            for (int first = 0; first < count; first += Top)
            {
                if (TeacherRow.Problem(someIds.AsSpan(first, Top), someLogs.AsSpan(first, Top), Vocabulary, sorted) is { } problem)
                    throw new InputException($"{file.Source}: the teacher's row at position {start + (first / Top)} {problem}");
            }
            progress.Advance(count / Top);
        }
    }

    private bool IsOfPositions(SafetensorsHeader.Entry entry) => entry.Shape.Length == 2 && entry.Shape[0] == TokenCount;

    private SafetensorsHeader.Entry Find(string name, string expected, Func<SafetensorsHeader.Entry, bool> fits)
    {
        if (file.Find(name) is not { } entry)
            throw new InputException($"{file.Source} has no tensor '{name}' ({expected}); is it a file of a teacher's distributions?");
        return fits(entry)
            ? entry
            : throw new InputException($"{file.Source}: tensor '{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}]; expected {expected}");
    }

    private string Text(string key) => file.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw new InputException($"{file.Source}: the metadata lacks '{key}'; without it a teacher of other tokens would pass unseen");

    public void Dispose() => file.Dispose();
}

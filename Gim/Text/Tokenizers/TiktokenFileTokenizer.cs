namespace Gim.Text.Tokenizers;

/// <summary>
/// A tokenizer from a <c>*.tiktoken</c> ranks file (lines of base64, space, rank), byte-level; a piece that is a token is
/// taken whole, as in the tiktoken library. A lone surrogate encodes as U+FFFD.
/// </summary>
/// <remarks>
/// The published files are known by their number of ranks, which gives the pattern and the end of text: r50k (50,256;
/// 50256), p50k (50,280; 50256), cl100k (100,256; 100257), o200k (199,998; 199999). Any other file needs its pattern
/// named, and its end of text is the number of ranks unless given. V reaches to the end of text or the last rank; the
/// control tokens that follow in some vocabularies are not in it.
/// </remarks>
public sealed class TiktokenFileTokenizer : BytePairTokenizer
{
    private const string What = "tiktoken ranks file";

    /// <param name="path">The ranks file.</param>
    /// <param name="pattern">gpt2, cl100k, o200k or a regular expression; null: by the number of ranks.</param>
    /// <param name="endOfText">Id of the end of text, one that no rank uses; null: by the number of ranks.</param>
    /// <exception cref="InputException">
    /// The file is missing, empty or damaged, the pattern cannot be told or read, or the end of text is a rank.
    /// </exception>
    public TiktokenFileTokenizer(string path, string? pattern = null, int? endOfText = null)
        : this(path, TokenizerFiles.Read(path, What, "path"), pattern, endOfText) { }

    private TiktokenFileTokenizer(string path, byte[] content, string? pattern, int? endOfText)
        : this(path, content, TiktokenRanks.Parse(content, path), pattern, endOfText) { }

    private TiktokenFileTokenizer(string path, byte[] content, string?[] ranks, string? pattern, int? endOfText)
        : this(path, content, ranks, SplitterFor(path, ranks, pattern), EndOfTextFor(path, ranks, endOfText)) { }

    private TiktokenFileTokenizer(string path, byte[] content, string?[] ranks, PieceSplitter splitter, int endOfText)
        : base(BytePairVocabulary.FromRanks(ranks, new() { [endOfText] = EndOfTextMark }, path), splitter)
    {
        Name = $"tiktoken {Path.GetFileName(path)}";
        EndOfText = endOfText;
        Hash = TokenizerFiles.Hash("tiktoken", splitter.Pattern, endOfText, content);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int EndOfText { get; }

    /// <inheritdoc/>
    public override string Hash { get; }

    private static (string Pattern, int EndOfText)? Known(string?[] ranks) => ranks.Count(token => token is not null) switch
    {
        50_256 => ("gpt2", 50_256),
        50_280 => ("gpt2", 50_256),
        100_256 => ("cl100k", 100_257),
        199_998 => ("o200k", 199_999),
        _ => null,
    };

    private static PieceSplitter SplitterFor(string path, string?[] ranks, string? pattern) =>
        PieceSplitter.Of(pattern ?? Known(ranks)?.Pattern ?? throw new InputException(
            $"{path}: {ranks.Length} ranks are none of the known vocabularies, so the word pattern is not known; " +
            "set tokenizer.pattern to gpt2, cl100k, o200k or a regular expression"));

    private static int EndOfTextFor(string path, string?[] ranks, int? given)
    {
        int used = ranks.Count(token => token is not null);
        int id = given ?? (Known(ranks) is { } known && IsFree(known.EndOfText) ? known.EndOfText : used);
        if (id < 0 || id >= TiktokenRanks.MostRanks || !IsFree(id))
            throw new InputException(
                $"{path}: the end of text {id} is {(id >= 0 && id < ranks.Length ? "the id of a token of text" : "no id")}; " +
                $"set tokenizer.endOfText to an id that no rank uses, such as {ranks.Length}");
        return id;

        bool IsFree(int candidate) => candidate >= ranks.Length || ranks[candidate] is null;
    }
}

namespace Gim.Text.Tokenizers;

/// <summary>
/// GPT-2's tokenizer: ids 0-50255 by rank, <c>&lt;|endoftext|&gt;</c> = 50256. The ranks (r50k_base) come with the
/// SharpToken package. White space is Unicode's White_Space, letters and numbers are those of the runtime's Unicode
/// version, read by code point. A lone surrogate encodes as U+FFFD.
/// </summary>
/// <exception cref="InputException">The ranks are not in the SharpToken assembly.</exception>
public sealed class Gpt2Tokenizer : BytePairTokenizer
{
    private const string Resource = "SharpToken.data.r50k_base.tiktoken";
    private const int EndOfTextId = 50256;

    public Gpt2Tokenizer() : this(ReadRanks()) { }

    private Gpt2Tokenizer(byte[] ranks)
        : base(BytePairVocabulary.FromRanks(TiktokenRanks.Parse(ranks, Resource),
            new() { [EndOfTextId] = EndOfTextMark }, Resource), Gpt2Splitter.Instance) =>
        Hash = TokenizerFiles.Hash("gpt2", Gpt2Splitter.DefiningPattern, EndOfTextId, ranks);

    /// <inheritdoc/>
    public override string Name => "gpt2";

    /// <inheritdoc/>
    public override int EndOfText => EndOfTextId;

    /// <inheritdoc/>
    public override string Hash { get; }

    private static byte[] ReadRanks()
    {
        using Stream stream = typeof(SharpToken.GptEncoding).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InputException($"the SharpToken package holds no {Resource}; restore the version this program was built with");
        var ranks = new byte[stream.Length];
        stream.ReadExactly(ranks);
        return ranks;
    }
}

using Gim.Config;
using Gim.Text;
using Gim.Text.Tokenizers;

namespace Gim.Jobs;

/// <summary>The tokenizer that a config names.</summary>
public static class TokenizerFactory
{
    /// <exception cref="InputException">A file of the tokenizer is missing or not what it should be.</exception>
    public static Tokenizer Create(TokenizerConfig config) => config switch
    {
        Gpt2TokenizerConfig => new Gpt2Tokenizer(),
        TiktokenTokenizerConfig tiktoken => new TiktokenFileTokenizer(tiktoken.Path, tiktoken.Pattern, tiktoken.EndOfText),
        BpeTokenizerConfig bpe => new BpeFileTokenizer(bpe.Vocab, bpe.Merges, bpe.EndOfText),
        SentencePieceTokenizerConfig sentencePiece => new SentencePieceFileTokenizer(sentencePiece.Path),
        BytesTokenizerConfig => new ByteTokenizer(),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.GetType().Name),
    };
}

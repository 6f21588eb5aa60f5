using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>
/// The UTF-8 bytes of the text, V = 256. The end of text is 255, a byte that UTF-8 never has and that infini-gram's byte
/// indexes (u8 tokens) use as separator; it decodes, as any byte out of place, to U+FFFD. A lone surrogate encodes as U+FFFD.
/// </summary>
public sealed class ByteTokenizer : Tokenizer
{
    private const int Size = 256;

    /// <inheritdoc/>
    public override string Name => "bytes";

    /// <inheritdoc/>
    public override int VocabularySize => Size;

    /// <inheritdoc/>
    public override int EndOfText => Size - 1;

    /// <inheritdoc/>
    public override bool IsBytes => true;

    /// <inheritdoc/>
    public override string Hash { get; } = TokenizerFiles.Hash("bytes", "", Size - 1);

    /// <inheritdoc/>
    public override int[] Encode(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var ids = new int[bytes.Length];
        for (int i = 0; i < ids.Length; i++) ids[i] = bytes[i];
        return ids;
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new byte[tokens.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if ((uint)tokens[i] >= Size) throw new InputException(TokenizerFiles.OutOfRange(tokens[i], Name, Size));
            bytes[i] = (byte)tokens[i];
        }
        return Encoding.UTF8.GetString(bytes);
    }
}

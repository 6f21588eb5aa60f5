namespace Gim.Text;

/// <summary>
/// Text to token ids and back. Implementations are safe to use from several threads at once.
/// Text is always taken literally: the characters of a control token inside a document are ordinary text, so that
/// no document can forge a boundary.
/// </summary>
public abstract class Tokenizer
{
    /// <summary>Name for people and for side files ("gpt2", "sentencepiece llama2.model").</summary>
    public abstract string Name { get; }

    /// <summary>Number of ids, V: every id is in [0, V). Includes <see cref="EndOfText"/>.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The id that stands for the end of a document. Text never encodes to it.</summary>
    public abstract int EndOfText { get; }

    /// <summary>SHA-256 (hex, lower case) over everything that decides how text is cut into ids.</summary>
    public abstract string Hash { get; }

    /// <summary>Whether tokens are the bytes of the text: such an index takes one byte a token.</summary>
    public virtual bool IsBytes => false;

    /// <summary>The token ids of <paramref name="text"/>; no begin or end token is added. Empty text gives no tokens.</summary>
    public abstract int[] Encode(string text);

    /// <summary>
    /// The text of <paramref name="tokens"/>. Ids that cut a character in two give U+FFFD for the incomplete part.
    /// </summary>
    /// <exception cref="InputException">An id is outside [0, V).</exception>
    public abstract string Decode(ReadOnlySpan<int> tokens);
}

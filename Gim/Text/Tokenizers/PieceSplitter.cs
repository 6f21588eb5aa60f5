namespace Gim.Text.Tokenizers;

/// <summary>
/// Cuts text into the pieces (words, numbers, runs of punctuation or space) that merges never cross. The pieces,
/// joined, are the text. Implementations hold no state of a text, so threads share them.
/// </summary>
internal abstract class PieceSplitter
{
    /// <summary>The pattern that defines the pieces; part of a tokenizer's hash.</summary>
    public abstract string Pattern { get; }

    /// <summary>Moves <paramref name="cursor"/> to the next piece; false at the end of the text.</summary>
    public abstract bool Next(ref PieceCursor cursor);

    /// <summary>The splitter called <paramref name="pattern"/>, or the one for the regular expression it is.</summary>
    /// <exception cref="InputException">Neither a known name nor a regular expression.</exception>
    public static PieceSplitter Of(string pattern) => pattern switch
    {
        "gpt2" or "r50k" or "p50k" => Gpt2Splitter.Instance,
        "cl100k" => Gpt4Splitter.Cl100k,
        "o200k" => Gpt4Splitter.O200k,
        _ => RegexSplitter.Parse(pattern),
    };
}

/// <summary>One text being cut: the current piece is <c>Text[Start..End]</c>.</summary>
internal ref struct PieceCursor(string text)
{
    public readonly string Text = text;
    public int Start;
    public int End;

    /// <summary>What a splitter matches instead of <see cref="Text"/> where it needs one; its own affair.</summary>
    public string? View;

    /// <summary>End of the current piece in <see cref="View"/>.</summary>
    public int ViewEnd;

    public readonly ReadOnlySpan<char> Piece => Text.AsSpan(Start, End - Start);
}

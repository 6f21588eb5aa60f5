namespace Gim.Fmri.Stimulus;

/// <summary>A word of a story.</summary>
/// <param name="Text">In lower case, without the braces of a transcript's remarks.</param>
/// <param name="Start">When it begins, in seconds from the start of the sound.</param>
/// <param name="End">When it ends.</param>
internal readonly record struct Word(string Text, double Start, double End)
{
    /// <summary>The moment that stands for the word where features are interpolated.</summary>
    public double Time => (Start + End) / 2;
}

using Gim.Evaluate;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Simulation;

/// <summary>
/// Says when words are spoken. A word takes 0.1 s and 0.05 s for each letter, up to a sixth more or less; behind a sentence
/// there is a pause of 0.3 to 0.8 s.
/// </summary>
internal sealed class Narrator(SeededRandom random)
{
    private const double Shortest = 0.1, EachLetter = 0.05, Jitter = 1 / 6.0, LeastPause = 0.3, MostPause = 0.8;

    /// <summary>When the next word begins, in seconds from the start of the sound.</summary>
    public double Now { get; private set; } = LeastPause;

    /// <summary>Speaks a word.</summary>
    public Word Speak(in PassageWord word)
    {
        double start = Now, end = start + Length(word) * (1 + Jitter * (2 * Fraction() - 1));
        Now = word.EndsSentence ? end + LeastPause + (MostPause - LeastPause) * Fraction() : end;
        return new Word(word.Text, start, end);
    }

    /// <summary>Seconds that a word and its pause take on average.</summary>
    public static double Expected(in PassageWord word) => Length(word) + (word.EndsSentence ? (LeastPause + MostPause) / 2 : 0);

    private static double Length(in PassageWord word) => Shortest + EachLetter * word.Text.Length;

    /// <summary>From 0 to below 1.</summary>
    private double Fraction() => random.Below(1L << 53) * (1.0 / (1L << 53));
}

using Gim.Config;

namespace Gim.Fmri.Stimulus;

/// <summary>A stretch of time and what is said in it.</summary>
/// <param name="Text">As it stands in the file, doubled quotes made single.</param>
/// <param name="Start">Seconds.</param>
/// <param name="End">Seconds.</param>
internal readonly record struct TextGridInterval(string Text, double Start, double End);

/// <summary>One tier of a TextGrid. A tier of points keeps no times here: it is known by its name alone.</summary>
internal sealed record TextGridTier(string Name, bool IsIntervals, IReadOnlyList<TextGridInterval> Intervals);

/// <summary>A TextGrid: an annotation of a sound, as Praat writes it.</summary>
internal sealed record TextGrid(string Path, IReadOnlyList<TextGridTier> Tiers)
{
    private static readonly string[] WordNames = ["word", "words"];

    /// <summary>Where a file's tiers say nothing of words: phones first, words second, as aligners write them.</summary>
    private const int UsualWordTier = 1;

    /// <summary>Reads a TextGrid in Praat's long or short text format.</summary>
    /// <exception cref="InputException">The file cannot be read or is not as the format says.</exception>
    public static TextGrid Read(string path) => new TextGridReader(path).Read();

    /// <summary>The tier named "word" or "words" (in any case), otherwise the second one.</summary>
    /// <exception cref="InputException">There is no such tier, or it is one of points.</exception>
    public TextGridTier WordTier()
    {
        TextGridTier? tier = Tiers.FirstOrDefault(tier => WordNames.Contains(tier.Name.Trim(), StringComparer.OrdinalIgnoreCase))
            ?? Tiers.ElementAtOrDefault(UsualWordTier);
        if (tier is null)
        {
            string there = Tiers.Count == 0 ? "no tier at all" : $"only a tier {Quote.Of(Tiers[0].Name)}";
            throw new InputException($"{Quote.OneLine(Path)} has no tier 'word' ({there}); name the tier with the words 'word'");
        }
        if (!tier.IsIntervals)
        {
            throw new InputException(
                $"{Quote.OneLine(Path)}: the tier of words, {Quote.Of(tier.Name)}, holds points where intervals were expected; name the tier with the words 'word'");
        }
        return tier;
    }
}

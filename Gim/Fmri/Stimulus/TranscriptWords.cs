namespace Gim.Fmri.Stimulus;

/// <summary>The words of a transcript, without what only marks silence and noise.</summary>
internal static class TranscriptWords
{
    /// <summary>Sentence borders, breath, laughter, lip smacks, noise and silence, as ds003020's transcripts mark them.</summary>
    private static readonly HashSet<string> Markers = new(["sentence_start", "sentence_end", "br", "lg", "ls", "ns", "sp"], StringComparer.Ordinal);

    /// <summary>Braces at a word's ends and spaces around it go, capitals become small; intervals without text and markers are no words.</summary>
    public static List<Word> Of(TextGridTier tier)
    {
        var words = new List<Word>();
        foreach (TextGridInterval interval in tier.Intervals)
        {
            string text = Clean(interval.Text);
            if (text.Length > 0 && !Markers.Contains(text))
                words.Add(new Word(text, interval.Start, interval.End));
        }
        return words;
    }

    internal static string Clean(string text) => text.Trim().Trim('{', '}').Trim().ToLowerInvariant();
}

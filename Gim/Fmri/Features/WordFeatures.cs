using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>The vectors of a story's words, as rows for its TRs, trimmed and standardised within the story.</summary>
internal sealed class WordFeatures(string name, IWordVectors vectors, Downsampling downsampling) : IStoryFeatures
{
    public string Name => name;

    public bool IsDelayed => true;

    /// <summary>How many words start in a TR.</summary>
    public static WordFeatures Rate(Downsampling downsampling) => new("word rate", new WordCount(), downsampling);

    public Matrix Of(Story story)
    {
        Matrix rows = story.Grid.Trim(Rows(story));
        Standardization.Columns(rows);
        return rows;
    }

    /// <summary>[TRs before trimming, columns], not standardised.</summary>
    internal Matrix Rows(Story story)
    {
        var words = new Matrix(story.Words.Count, vectors.Columns);
        for (int i = 0; i < words.Rows; i++)
            vectors.Of(story.Words[i].Text).CopyTo(words.Row(i));
        return downsampling switch
        {
            Downsampling.Bins => Bins.Sum(words, story.WordTrs, story.Grid.Count),
            Downsampling.Lanczos => Lanczos.Interpolate(words, [.. story.Words.Select(word => word.Time)], story.Grid),
            _ => throw new ArgumentOutOfRangeException(nameof(story), downsampling, "is no way of downsampling"),
        };
    }
}

using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>
/// The similarity transformer's embedding of the words so far (<see cref="StoryEmbeddings"/>), standardised within the story.
/// A story's embeddings are kept once they were made, so that keys and features cost one pass.
/// </summary>
internal sealed class SimilarityFeatures(StoryEmbeddings embeddings) : IStoryFeatures
{
    private readonly Dictionary<Story, Matrix> known = [];

    public string Name => "similarity transformer";

    public bool IsDelayed => true;

    /// <summary>The embeddings as the network gives them, for keys. The same matrix every time: not to be changed.</summary>
    /// <inheritdoc cref="StoryEmbeddings.Of"/>
    public Matrix Raw(Story story)
    {
        if (!known.TryGetValue(story, out Matrix? rows))
            known.Add(story, rows = embeddings.Of(story));
        return rows;
    }

    public Matrix Of(Story story)
    {
        Matrix raw = Raw(story);
        var rows = new Matrix(raw.Rows, raw.Columns, [.. raw.Values]);
        Standardization.Columns(rows);
        return rows;
    }
}

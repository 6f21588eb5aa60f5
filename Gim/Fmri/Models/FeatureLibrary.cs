using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Models;

/// <summary>The features of a recording's stories, made when they are first asked for and kept without their delays.</summary>
/// <param name="create">Makes the features of a name.</param>
/// <param name="delays">In TRs.</param>
/// <param name="acrossStories">Whether a story's first rows see the end of the story before it; training and test stories are apart all the same.</param>
/// <param name="cancellation">Is asked for every story.</param>
internal sealed class FeatureLibrary(
    Recording recording, Func<string, IStoryFeatures> create, IReadOnlyList<int> delays, bool acrossStories, CancellationToken cancellation = default)
{
    private readonly Dictionary<string, KeptFeatures> made = [];

    /// <summary>What tables call some features: "labels + position".</summary>
    public string Title(IEnumerable<string> names) => string.Join(" + ", names.Select(name => Get(name).Name));

    /// <summary>Several features side by side with their delays: [all rows, columns].</summary>
    /// <exception cref="InputException">A story lacks what the features are made of.</exception>
    public Matrix Of(IReadOnlyList<string> names)
    {
        KeptFeatures[] features = [.. names.Select(Get)];
        int training = recording.Training.Count;
        return StackedRows.Below(
        [
            ("training", FeatureRows.Build(features, [.. recording.Stories.Take(training)], delays, acrossStories).Values),
            ("test", FeatureRows.Build(features, [.. recording.Stories.Skip(training)], delays, acrossStories).Values),
        ]).Values;
    }

    /// <summary>[columns], the place among <paramref name="names"/> that each column of <see cref="Of"/> belongs to.</summary>
    public int[] Groups(IReadOnlyList<string> names) => [.. names.SelectMany((name, place) =>
    {
        KeptFeatures features = Get(name);
        return Enumerable.Repeat(place, features.Of(recording.Stories[0]).Columns * (features.IsDelayed ? delays.Count : 1));
    })];

    /// <summary>Makes features of all stories: what one lacks shows at once.</summary>
    private KeptFeatures Get(string name)
    {
        if (made.TryGetValue(name, out KeptFeatures? features)) return features;
        features = new KeptFeatures(create(name));
        foreach (Story story in recording.Stories)
        {
            cancellation.ThrowIfCancellationRequested();
            features.Of(story);
        }
        made.Add(name, features);
        return features;
    }

    /// <summary>Features that are made once for each story.</summary>
    private sealed class KeptFeatures(IStoryFeatures inner) : IStoryFeatures
    {
        private readonly Dictionary<Story, Matrix> rows = [];

        public string Name => inner.Name;

        public bool IsDelayed => inner.IsDelayed;

        public Matrix Of(Story story)
        {
            if (!rows.TryGetValue(story, out Matrix? own)) rows.Add(story, own = inner.Of(story));
            return own;
        }
    }
}

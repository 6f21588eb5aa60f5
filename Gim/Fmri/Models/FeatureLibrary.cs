using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Models;

/// <summary>The features of a recording's stories, made when they are first asked for and kept without their delays.</summary>
/// <param name="create">Makes the features of a name.</param>
/// <param name="delays">In TRs.</param>
/// <param name="cancellation">Is asked for every story.</param>
/// <param name="acrossStories">Whether a story's first rows see the end of the story before it; training and test stories are apart all the same.</param>
internal sealed class FeatureLibrary(Recording recording, Func<string, IStoryFeatures> create, IReadOnlyList<int> delays, bool acrossStories, CancellationToken cancellation = default)
{
    private readonly Dictionary<string, (IStoryFeatures Features, Matrix Rows)> made = [];

    /// <summary>What tables call some features: "labels + position".</summary>
    public string Title(IEnumerable<string> names) => string.Join(" + ", names.Select(name => Get(name).Features.Name));

    /// <summary>Several features side by side with their delays: [all rows, columns].</summary>
    /// <exception cref="InputException">A story lacks what the features are made of.</exception>
    public Matrix Of(IReadOnlyList<string> names) => StackedRows.Beside([.. names.Select(Delayed)]);

    /// <summary>[columns], the place among <paramref name="names"/> that each column of <see cref="Of"/> belongs to.</summary>
    public int[] Groups(IReadOnlyList<string> names)
        => [.. names.SelectMany((name, place) => Enumerable.Repeat(place, Get(name).Rows.Columns * (Get(name).Features.IsDelayed ? delays.Count : 1)))];

    private Matrix Delayed(string name)
    {
        (IStoryFeatures features, Matrix rows) = Get(name);
        if (!features.IsDelayed) return rows;
        Matrix training = Delays.Apply(recording.TrainingPart(rows), recording.Training, delays, acrossStories);
        Matrix test = Delays.Apply(recording.TestPart(rows), recording.Test, delays, acrossStories);
        return StackedRows.Below([("training", training), ("test", test)]).Values;
    }

    private Matrix Make(IStoryFeatures features, Story story)
    {
        cancellation.ThrowIfCancellationRequested();
        return features.Of(story);
    }

    private (IStoryFeatures Features, Matrix Rows) Get(string name)
    {
        if (!made.TryGetValue(name, out var one))
        {
            IStoryFeatures features = create(name);
            one = (features, StackedRows.Below([.. recording.Stories.Select(story => (story.Name, Make(features, story)))]).Values);
            made.Add(name, one);
        }
        return one;
    }
}

using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>Several kinds of features as regression takes them: stories one below another, features side by side, each with its delays.</summary>
internal static class FeatureRows
{
    /// <param name="features">In the order of their columns.</param>
    /// <param name="stories">In the order of their rows.</param>
    /// <param name="delays">For features that are delayed.</param>
    /// <param name="acrossStories">As in <see cref="Delays.Apply"/>; training and test stories are then built apart.</param>
    /// <exception cref="InputException">A story lacks what the features are made of.</exception>
    public static StackedRows Build(
        IReadOnlyList<IStoryFeatures> features, IReadOnlyList<Story> stories, IReadOnlyList<int> delays, bool acrossStories = false)
    {
        var parts = new List<Matrix>();
        IReadOnlyList<StoryRows> places = [];
        foreach (IStoryFeatures feature in features)
        {
            StackedRows stacked = StackedRows.Below([.. stories.Select(story => (story.Name, feature.Of(story)))]);
            places = stacked.Stories;
            parts.Add(feature.IsDelayed ? Delays.Apply(stacked.Values, places, delays, acrossStories) : stacked.Values);
        }
        return new StackedRows(StackedRows.Beside(parts), places);
    }
}

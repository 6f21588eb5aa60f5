using Gim.Config;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>The numbers given for each TR, standardised within the story. All stories must have the same columns.</summary>
internal sealed class LabelFeatures : IStoryFeatures
{
    private readonly LabelTable first;

    private LabelFeatures(LabelTable first) => this.first = first;

    public string Name => "labels";

    public bool IsDelayed => true;

    /// <summary>What the columns tell.</summary>
    public IReadOnlyList<string> Columns => first.Columns;

    /// <param name="story">The story whose columns the others must have.</param>
    /// <exception cref="InputException">It has no labels.</exception>
    public static LabelFeatures Like(Story story) => new(Labels(story));

    public Matrix Of(Story story)
    {
        LabelTable labels = Labels(story);
        if (!labels.Columns.SequenceEqual(first.Columns))
        {
            int other = Enumerable.Range(0, labels.Columns.Count).FirstOrDefault(i => i >= first.Columns.Count || labels.Columns[i] != first.Columns[i], labels.Columns.Count);
            string has = other < labels.Columns.Count ? Quote.Of(labels.Columns[other]) : "nothing";
            string wanted = other < first.Columns.Count ? Quote.Of(first.Columns[other]) : "nothing";
            throw new InputException($"{labels.Path}: column {other + 1} is {has} where {first.Path} has {wanted}; all stories need the same columns in one order");
        }
        var rows = new Matrix(labels.Values.Rows, labels.Values.Columns, [.. labels.Values.Values]);
        Standardization.Columns(rows);
        return rows;
    }

    private static LabelTable Labels(Story story) => story.Labels
        ?? throw new InputException($"the story {Quote.Of(story.Name)} has no labels; give it a file of them as the others have, or leave labels out of the features");
}

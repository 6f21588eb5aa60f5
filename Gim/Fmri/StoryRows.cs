namespace Gim.Fmri;

/// <summary>Where a story's TRs lie in matrices that hold those of several stories one after another.</summary>
/// <param name="Story">Its name.</param>
/// <param name="Start">Its first row.</param>
/// <param name="Count">Its TRs after trimming.</param>
internal readonly record struct StoryRows(string Story, int Start, int Count)
{
    public int End => Start + Count;
}

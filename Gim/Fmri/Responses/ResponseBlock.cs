namespace Gim.Fmri.Responses;

/// <summary>Responses to several stories, one after another, for a range of targets.</summary>
/// <param name="Values">[TRs of all stories, targets], finite.</param>
/// <param name="Stories">Where each story's rows are, in the order they were asked for.</param>
/// <param name="Targets">The number, in the files, of each column: without those that were left out.</param>
internal sealed record ResponseBlock(Matrix Values, IReadOnlyList<StoryRows> Stories, IReadOnlyList<int> Targets);

using Gim.Fmri.Matching;

namespace Gim.Fmri.Models;

/// <summary>A set of features that is to be scored.</summary>
/// <param name="Base">The set that it is compared with; its own name for a base.</param>
/// <param name="Match">Of a match and of its controls: the set of the match.</param>
/// <param name="Gap">Of an in-story match, in TRs; 0 for others.</param>
/// <param name="BaseFeatures">Names of the features it has.</param>
/// <param name="Added">Makes what is added to them, with so many of the strongest matches of each row; null where nothing is.</param>
internal sealed record PlannedSet(
    string Name, SetRole Role, string Base, string? Match, int Gap, IReadOnlyList<string> BaseFeatures, Func<int, CancellationToken, MatchedValues>? Added);

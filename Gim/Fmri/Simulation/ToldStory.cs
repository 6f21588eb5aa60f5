using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Simulation;

/// <summary>A passage as a story told it.</summary>
/// <param name="Passage">What was told.</param>
/// <param name="FirstWord">Its first word's place among the story's.</param>
/// <param name="Count">How many of its words were told: fewer than it has where the story ended.</param>
internal readonly record struct Telling(Passage Passage, int FirstWord, int Count);

/// <summary>A simulated story before it has labels: one passage after another.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Grid">Its TRs.</param>
/// <param name="Words">All words, in order.</param>
/// <param name="Tellings">In order, without a gap between their words.</param>
internal sealed record ToldStory(string Name, TrGrid Grid, IReadOnlyList<Word> Words, IReadOnlyList<Telling> Tellings);

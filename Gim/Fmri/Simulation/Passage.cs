namespace Gim.Fmri.Simulation;

/// <summary>A stretch of text that is told as a whole, once or several times.</summary>
/// <param name="Number">Its number among all passages, from 0.</param>
/// <param name="Words">At least one.</param>
internal sealed record Passage(int Number, IReadOnlyList<PassageWord> Words);

/// <summary>A word of a passage, with what its written form told and its spoken form does not.</summary>
/// <param name="Text">In lower case without punctuation.</param>
/// <param name="IsCapital">Whether it was written with a capital.</param>
/// <param name="IsName">Whether it was part of a program's name: capitals behind the first letter, or full stops inside.</param>
/// <param name="EndsSentence">Whether a sentence ends behind it.</param>
internal readonly record struct PassageWord(string Text, bool IsCapital, bool IsName, bool EndsSentence);

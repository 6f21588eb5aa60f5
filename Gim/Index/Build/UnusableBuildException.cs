namespace Gim.Index.Build;

/// <summary>What is left of an unfinished build cannot be gone on with; the message ends "...: {message}; starting over".</summary>
internal sealed class UnusableBuildException(string message, Exception? inner = null) : Exception(message, inner);

namespace Gim;

/// <summary>
/// Something the user gave cannot be used. The message is the one line the user reads: which value, in which file,
/// line or config key, what was expected, and what to do about it. The command line prints it behind <c>error: </c>
/// and ends with exit code 2.
/// </summary>
public sealed class InputException(string message, Exception? cause = null) : Exception(message, cause);

namespace Gim.Jobs;

/// <summary>What every query asks for besides its own question.</summary>
/// <param name="Folders">The folders of the index, at least one.</param>
/// <param name="Tokenizer">The argument of --tokenizer, or null.</param>
/// <param name="TokenType">The argument of --token-type, or null.</param>
/// <param name="Eos">The argument of --eos, or null.</param>
/// <param name="Reversed">Whether a folder without gim.json is said to hold documents in reversed order.</param>
/// <param name="Ids">Whether queries are token ids.</param>
/// <param name="Json">Whether answers are written as JSON.</param>
/// <param name="TimeOut">Seconds after which a query ends, or null.</param>
/// <param name="Verify">Whether checksums are compared first.</param>
internal sealed record QueryRequest(
    IReadOnlyList<string> Folders, string? Tokenizer, string? TokenType, int? Eos, bool Reversed, bool Ids, bool Json, double? TimeOut, bool Verify);

/// <summary>Where the text of a query is: in the command line, in a file, or a query in each line of a file.</summary>
internal sealed record QuerySource(string? Text, string? File, string? Batch);

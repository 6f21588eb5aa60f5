namespace Gim.Text;

/// <summary>One document of a source, with the place it came from so that evidence can name it.</summary>
/// <param name="Text">The text, without its separator line. Never empty.</param>
/// <param name="Path">The file (relative to the source's folder) or the name inside a sample.</param>
/// <param name="Line">0-based line at which the document starts in that file (jsonl: its line; parquet: its row).</param>
/// <param name="Metadata">The document's other fields as one JSON object, or null where it has none.</param>
public sealed record Document(string Text, string Path, long Line, string? Metadata = null);

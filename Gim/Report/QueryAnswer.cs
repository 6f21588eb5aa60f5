using System.Text.Json.Nodes;
using Spectre.Console;

namespace Gim.Report;

/// <summary>The answer to a query in its forms.</summary>
/// <param name="Json">With the key names of infini-gram's API.</param>
/// <param name="Cells">A row of a batch's table.</param>
/// <param name="Write">Writes it for people.</param>
internal sealed record QueryAnswer(JsonObject Json, IReadOnlyList<string> Cells, Action<IAnsiConsole> Write);

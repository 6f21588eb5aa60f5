using System.CommandLine;
using Gim.Config;

namespace Gim.Jobs;

/// <summary>
/// Options that a command has not. Its arguments are text, and a mistyped option would be taken for it; text that does begin
/// with two dashes stands behind a lone <c>--</c>.
/// </summary>
internal static class UnknownOption
{
    /// <summary>What is wrong with the first option that the command asked for has not; null where all are its own.</summary>
    /// <param name="root">The program's command.</param>
    /// <param name="arguments">What was given, beginning with a command's name.</param>
    public static string? Find(Command root, IReadOnlyList<string> arguments)
    {
        Command command = root;
        var path = new List<string> { "gim" };
        var options = new List<Option>();
        Option? before = null;
        foreach (string argument in arguments.TakeWhile(argument => argument != "--"))
        {
            if (before is { } valued && TakesValue(valued))
            {
                before = null;
                continue;
            }
            before = null;
            if (command.Subcommands.FirstOrDefault(one => one.Name == argument) is { } part)
            {
                command = part;
                path.Add(part.Name);
                options.AddRange(part.Options);
                continue;
            }
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                continue;
            int end = argument.IndexOfAny(['=', ':']);
            string name = end < 0 ? argument : argument[..end];
            Option? option = options.Find(one => one.Name == name || one.Aliases.Contains(name));
            if (option is null && name is not "--help" and not "--version")
            {
                string nearest = NearestName.Of(name, options.Select(one => one.Name)) is { } known ? $"; did you mean {known}?" : ";";
                return $"'{string.Join(' ', path)}' has no option {Quote.Shorten(name)}{nearest} Text that begins with -- is written behind a lone --";
            }
            before = end < 0 ? option : null;
        }
        return null;
    }

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool);
}

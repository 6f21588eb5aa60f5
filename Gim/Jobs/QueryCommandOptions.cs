using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gim.Jobs;

/// <summary>What the options of <c>gim query</c> have in common.</summary>
internal static class QueryCommandOptions
{
    public static Option<string?> Text(string name, string help, string description)
        => new(name) { Description = description, HelpName = help };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>An option of a whole number in a range.</summary>
    public static Option<T> Number<T>(string name, string help, string description, T? standard, long least, long most = long.MaxValue)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result =>
            {
                string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
                if (long.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
                    return (T)Convert.ChangeType(number, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));
                string range = most == long.MaxValue ? $"a whole number of at least {least}" : $"a whole number of {least} to {most}";
                result.AddError($"{name} must be {range}; found {Config.Quote.Of(given)}");
                return default!;
            },
        };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>An option of seconds.</summary>
    public static Option<double?> Seconds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "seconds",
        CustomParser = result =>
        {
            string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (double.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 1e6)
                return seconds;
            result.AddError($"{name} must be seconds, more than 0 and at most 1000000; found {Config.Quote.Of(given)}");
            return null;
        },
    };

    /// <summary>What is wrong with an option's value or the arguments, as one line.</summary>
    public static string Message(ParseError error) => Config.Quote.OneLine(error.Message.TrimEnd('.'));
}

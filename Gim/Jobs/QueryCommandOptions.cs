using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gim.Config;

namespace Gim.Jobs;

/// <summary>What the options of <c>gim query</c> have in common.</summary>
internal static class QueryCommandOptions
{
    public static Option<string?> Text(string name, string help, string description)
        => new(name) { Description = description, HelpName = help };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>An option of a whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Int(string name, string help, string description, int standard, int least, int most)
        => Default(Number(name, help, description, least, most, number => (int)number), standard);

    public static Option<long> Long(string name, string help, string description, long standard, long least, long most)
        => Default(Number(name, help, description, least, most, number => number), standard);

    public static Option<int?> IntOrNone(string name, string help, string description, int least, int most)
        => Number<int?>(name, help, description, least, most, number => (int)number);

    public static Option<long?> LongOrNone(string name, string help, string description, long least, long most = long.MaxValue)
        => Number<long?>(name, help, description, least, most, number => number);

    private static Option<T> Default<T>(Option<T> option, T standard)
    {
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    private static Option<T> Number<T>(string name, string help, string description, long least, long most, Func<long, T> convert) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (long.TryParse(given, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
                return convert(number);
            string range = most == long.MaxValue ? $"a whole number of at least {least}" : $"a whole number of {least} to {most}";
            result.AddError($"{name} must be {range}; found {Quote.Of(given)}");
            return default!;
        },
    };

    /// <summary>An option of seconds.</summary>
    public static Option<double?> Seconds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "seconds",
        CustomParser = result =>
        {
            string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (double.TryParse(given, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 1e6)
                return seconds;
            result.AddError($"{name} must be seconds, more than 0 and at most 1000000; found {Quote.Of(given)}");
            return null;
        },
    };

    /// <summary>What is wrong with an option's value or the arguments, as one line.</summary>
    public static string Message(ParseError error) => Quote.OneLine(error.Message.TrimEnd('.'));
}

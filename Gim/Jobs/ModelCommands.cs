using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Gim.Config;
using Gim.Explain;

namespace Gim.Jobs;

/// <summary>The command line of <c>explain</c> and <c>generate</c>.</summary>
internal static class ModelCommands
{
    private static readonly Argument<string> Config = new("config") { Description = "A config of task lm, which describes the model: configs/lm.json for one." };

    public static Command Explain(Option<string[]> set, Option<string?> device, Option<bool> quiet)
    {
        var text = new Argument<string?>("text") { Description = "The text whose next token is predicted.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "A file with the text, in place of it; - is standard input.", HelpName = "file" };
        var tokens = new Option<bool>("--tokens") { Description = "Explains every token of the text, each from those before it." };
        var model = ModelOption();
        var top = Whole("--top", 10, 1, "How many of the likeliest next tokens are shown.");
        var quotes = Whole("--quotes", 4, 0, "How many places of the evidence are shown.");
        var json = new Option<bool>("--json") { Description = "Writes JSON, a line for each token explained." };
        var command = new Command("explain", "Shows what a model predicts after a text, who of its parts says so and why, and the text that it was taken from.")
        {
            Config, text, file, tokens, model, top, quotes, json, set, device, quiet,
        };
        command.SetAction(parsed => ExplainCommand.Run(
            new ModelRequest(
                parsed.GetRequiredValue(Config), parsed.GetValue(text), parsed.GetValue(file), parsed.GetValue(model), parsed.GetRequiredValue(set),
                parsed.GetValue(device), parsed.GetValue(json), parsed.GetValue(quiet)),
            parsed.GetValue(tokens), parsed.GetValue(top), parsed.GetValue(quotes)));
        return command;
    }

    public static Command Generate(Option<string[]> set, Option<string?> device, Option<bool> quiet)
    {
        var prompt = new Argument<string?>("prompt") { Description = "The text to go on from.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "A file with the prompt, in place of it; - is standard input.", HelpName = "file" };
        var tokens = Whole("--tokens", 64, 1, "How many tokens are written, fewer where the text ends before.");
        var model = ModelOption();
        var temperature = new Option<double>("--temperature") { Description = "0 takes the likeliest token; above, tokens are drawn by p^(1/T).", HelpName = "T", DefaultValueFactory = _ => 0 };
        temperature.CustomParser = Number("--temperature", (double value) => value is >= 0 and <= 100, "a number from 0 to 100");
        var topK = Whole("--top-k", 0, 0, "Draws from so many of the likeliest tokens; 0: from all.");
        var topP = new Option<double>("--top-p") { Description = "Draws from the likeliest tokens that together have this probability.", HelpName = "p", DefaultValueFactory = _ => 1 };
        topP.CustomParser = Number("--top-p", (double value) => value is > 0 and <= 1, "a number above 0, at most 1");
        var seed = new Option<long>("--seed") { Description = "Seed of the drawing.", HelpName = "seed", DefaultValueFactory = _ => 1 };
        var evidence = new Option<bool>("--evidence") { Description = "Shows of each token where it comes from." };
        var json = new Option<bool>("--json") { Description = "Writes JSON: a line for each token, and one with the summary." };
        var command = new Command("generate", "Writes on after a prompt, and says of the text what was copied from where.")
        {
            Config, prompt, file, tokens, model, temperature, topK, topP, seed, evidence, json, set, device, quiet,
        };
        command.SetAction(parsed => GenerateCommand.Run(
            new ModelRequest(
                parsed.GetRequiredValue(Config), parsed.GetValue(prompt), parsed.GetValue(file), parsed.GetValue(model), parsed.GetRequiredValue(set),
                parsed.GetValue(device), parsed.GetValue(json), parsed.GetValue(quiet)),
            parsed.GetValue(tokens),
            new SamplingSettings(parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP), parsed.GetValue(seed)),
            parsed.GetValue(evidence)));
        return command;
    }

    private static Option<string?> ModelOption()
        => new("--model") { Description = "Which of the config's models is asked; default: gim, else its last.", HelpName = "name" };

    private static Option<int> Whole(string name, int value, int least, string description) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => value,
        CustomParser = Number(name, (int given) => given >= least, $"a whole number from {least} on"),
    };

    /// <summary>Reads an option's number, or says what was expected in its place.</summary>
    private static Func<ArgumentResult, T> Number<T>(string name, Func<T, bool> holds, string expected)
        where T : struct, INumber<T> => result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out T value) && holds(value))
                return value;
            result.AddError($"{name} {Quote.Shorten(text)} is not {expected}");
            return default;
        };
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Gim.Jobs;

namespace Gim;

/// <summary>The command line: arguments become one call.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var config = new Argument<string>("config") { Description = "The config file of the run, for example configs/lm.json." };
        var set = new Option<string[]>("--set")
        {
            Description = "Sets a key of the config: dotted keys, list places as numbers, JSON or plain text as value (--set examples=500 --set reference.0.path=books). May be given several times; a path is relative to the working directory.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var device = new Option<string?>("--device") { Description = "The device to compute on, in place of the config's.", HelpName = "device" };
        var output = new Option<string?>("--output") { Description = "The folder of the run, in place of the config's.", HelpName = "folder" };
        var quiet = new Option<bool>("--quiet") { Description = "Shows the result and warnings, no progress." };
        var root = new RootCommand("Gim predicts the next token, and names the text that every prediction came from.")
        {
            set, device, output, quiet,
        };
        root.SetAction(parsed => JobRunner.Run(new JobRequest(
            parsed.GetRequiredValue(config),
            parsed.GetRequiredValue(set),
            parsed.GetValue(device),
            parsed.GetValue(output),
            parsed.GetValue(quiet))));

        var devices = new Command("devices", "Lists the devices that can compute, and why others cannot.");
        devices.SetAction(_ => DevicesCommand.Run());
        root.Add(devices);
        root.Add(ModelCommands.Explain(set, device, quiet));
        root.Add(ModelCommands.Generate(set, device, quiet));
        root.Add(QueryCommand.Create());

        // A command's usage would otherwise begin with the config of the program's own.
        string? command = arguments is [var first, ..] && root.Subcommands.Any(one => one.Name == first) ? first : null;
        if (command is null)
            root.Add(config);
        // Text may begin with an @, which would otherwise name a file of arguments.
        bool isQuery = command == "query";
        if (command is not null && UnknownOption.Find(root, arguments) is { } unknown)
        {
            Console.Error.WriteLine($"error: {unknown}");
            return ExitCodes.BadInput;
        }
        ParseResult result = root.Parse(arguments, command is null ? null : new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count == 0)
            return result.Invoke();
        ParseError error = result.Errors[0];
        if (isQuery)
        {
            Console.Error.WriteLine($"error: {QueryCommandOptions.Message(error)}; try 'gim query --help'");
            return ExitCodes.BadInput;
        }
        if (command is not null)
        {
            Console.Error.WriteLine($"error: {error.Message.TrimEnd('.')}; try 'gim {command} --help'");
            return ExitCodes.BadInput;
        }
        Console.Error.WriteLine($"error: {(arguments.Length == 0 ? "no config was given" : error.Message.TrimEnd('.'))}; try 'gim configs/lm.json' or 'gim --help'");
        return ExitCodes.BadInput;
    }
}

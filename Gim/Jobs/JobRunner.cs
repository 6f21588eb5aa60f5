using System.Runtime.InteropServices;
using Gim.Config;
using Gim.Report;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>What the command line asks for.</summary>
internal sealed record JobRequest(string Config, IReadOnlyList<string> Overrides, string? Device, string? Output, bool Quiet);

/// <summary>
/// Runs a job from its config: opens the run folder, shows progress on standard error, writes results to standard
/// output, and turns every outcome into an exit code.
/// </summary>
internal static class JobRunner
{
    public static int Run(JobRequest request)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = CommandGuard.StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = CommandGuard.StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            LoadedConfig loaded = ConfigReader.Read(request.Config, request.Overrides, request.Device, request.Output);
            using RunFolder folder = RunFolder.Open(loaded.Config.OutputFolder);
            try
            {
                return Run(request, loaded, folder, stop.Token);
            }
            catch (Exception problem)
            {
                folder.WriteLog(problem is InputException or OperationCanceledException ? $"stopped: {problem.Message}" : $"stopped: {problem}");
                throw;
            }
        }
        catch (Exception problem)
        {
            return CommandGuard.Outcome(problem, "stopped; run the same command to go on");
        }
    }

    private static int Run(JobRequest request, LoadedConfig loaded, RunFolder folder, CancellationToken cancellation)
    {
        folder.WriteLog($"gim {typeof(JobRunner).Assembly.GetName().Version?.ToString(3)}, .NET {Environment.Version}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");
        folder.WriteLog($"config {Path.GetFullPath(request.Config)}");
        foreach (string line in loaded.Overrides)
            folder.WriteLog(line);
        if (folder.Overwrites(request.Config, loaded.EffectiveJson))
        {
            throw new InputException(
                $"the run's config.json would be written over {request.Config}, which is the config itself; choose another place with --output");
        }

        Action<IAnsiConsole>? showResult = null;
        Watch(request.Quiet, view => showResult = Start(loaded, folder, new RunLog(folder, view), cancellation));
        showResult?.Invoke(ResultConsole());
        Console.Out.WriteLine($"results in {folder.Path}");
        folder.WriteLog("done");
        return ExitCodes.Done;
    }

    /// <summary>Runs the task; what it gives back writes the result for people.</summary>
    private static Action<IAnsiConsole> Start(LoadedConfig loaded, RunFolder folder, RunLog log, CancellationToken cancellation)
    {
        switch (loaded.Config)
        {
            case LanguageModelConfig config:
                LanguageModelSummary summary = LanguageModelJob.Run(config, loaded.EffectiveJson, folder, log, cancellation);
                return console => LanguageModelTable.Write(summary, console);
            case IndexConfig config:
                IndexSummary index = IndexJob.Run(config, loaded.EffectiveJson, folder, log, cancellation);
                return console => console.WriteLine(
                    $"index of {index.Tokens:N0} {index.TokenType} tokens ({index.Tokenizer}) in {index.Documents:N0} documents, {(index.Shards == 1 ? "" : $"{index.Shards:N0} shards, ")}{Quantity.Amount(index.Bytes, "bytes")}, {index.ElapsedSeconds:F1} s");
            case TrainConfig config:
                TrainSummary training = TrainJob.Run(config, loaded.EffectiveJson, folder, log, cancellation);
                return console => TrainTable.Write(training, console);
            case FmriConfig config:
                FmriSummary fmri = FmriJob.Run(config, loaded.EffectiveJson, folder, log, cancellation);
                return console => FmriTable.Write(fmri, console);
            default:
                throw new ArgumentOutOfRangeException(nameof(loaded), loaded.Config.GetType().Name);
        }
    }

    internal static void Watch(bool quiet, Action<IProgressView> job)
    {
        if (quiet)
        {
            job(new QuietView(Console.Error));
            return;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Ansi)
            job(new PlainView(Console.Error));
        else
            TerminalView.Run(console, job);
    }

    internal static IAnsiConsole ResultConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        // Without a terminal there is no width to keep to; in a narrow one whole lines read better than cut cells.
        console.Profile.Width = Console.IsOutputRedirected ? 160 : Math.Max(console.Profile.Width, 80);
        return console;
    }
}

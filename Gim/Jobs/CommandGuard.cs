using System.Diagnostics;
using System.Runtime.InteropServices;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;

namespace Gim.Jobs;

/// <summary>
/// What commands that answer at once have in common: Ctrl-C ends them, progress goes to standard error, and every outcome becomes
/// an exit code with at most one line.
/// </summary>
internal static class CommandGuard
{
    /// <param name="quiet">Whether long work goes on without showing how far it is.</param>
    /// <param name="command">Is given the place for progress, and when to stop; gives back what writes its answer.</param>
    public static int Run(bool quiet, Func<IJobLog, CancellationToken, Action> command)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            Action? answer = null;
            JobRunner.Watch(quiet, view => answer = command(new WorkLog(view), stop.Token));
            answer?.Invoke();
            return ExitCodes.Done;
        }
        catch (Exception problem)
        {
            return Outcome(problem, "stopped");
        }
    }

    /// <summary>Says what ended a command, in one line but for a defect, and gives its exit code.</summary>
    /// <param name="problem">What ended it.</param>
    /// <param name="stopped">What is said where the user stopped it.</param>
    public static int Outcome(Exception problem, string stopped)
    {
        if (problem is OperationCanceledException)
        {
            Say(stopped);
            return ExitCodes.Cancelled;
        }
        if (Unusable(problem) is { } message)
        {
            Say($"error: {message.ReplaceLineEndings(" ")}");
            return ExitCodes.BadInput;
        }
        Say($"gim met a defect of its own; please report it with these lines: {problem}");
        return ExitCodes.Defect;
    }

    internal static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody can be told; the exit code still says it.
        }
    }

    /// <summary>The message of a problem that the user can do something about; null for a defect.</summary>
    internal static string? Unusable(Exception problem) => problem switch
    {
        InputException or DeviceException => problem.Message,
        IOException or UnauthorizedAccessException => $"{problem.Message} (a file or disk could not be read or written)",
        OutOfMemoryException => "memory ran out; use a smaller reference or test text, or a machine with more memory",
        AggregateException many when many.InnerExceptions.Count > 0 => Unusable(many.InnerExceptions[0]),
        _ => null,
    };

    internal static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop)
        => PosixSignalRegistration.Create(signal, context =>
        {
            // The first asks for an orderly end; a second one ends at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });

    /// <summary>Shows warnings and long work; what else there is to say would stand between the user and the answer.</summary>
    private sealed class WorkLog(IProgressView view) : IJobLog
    {
        public void Info(string line) { }

        public void Warn(string line) => view.Warn(line);

        public IJobProgress Start(string title, long total, string unit) => new Late(view, title, total, unit);
    }

    /// <summary>A stretch that is shown once it lasts: most are over before anyone could read their names.</summary>
    private sealed class Late(IProgressView view, string title, long total, string unit) : IJobProgress
    {
        private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1);

        private readonly long started = Stopwatch.GetTimestamp();
        private readonly Lock gate = new();
        private IJobProgress? shown;
        private long before;

        public void Advance(long amount)
        {
            lock (gate)
            {
                if (shown is null && Stopwatch.GetElapsedTime(started) < Unseen)
                {
                    before += amount;
                    return;
                }
                if (shown is null)
                {
                    shown = view.Start(title, total, unit);
                    shown.Advance(before);
                }
                shown.Advance(amount);
            }
        }

        public void Dispose() => shown?.Dispose();
    }
}

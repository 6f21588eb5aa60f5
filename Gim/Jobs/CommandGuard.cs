using System.Runtime.InteropServices;
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
        using PosixSignalRegistration interrupt = JobRunner.StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = JobRunner.StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            Action? answer = null;
            JobRunner.Watch(quiet, view => answer = command(new WorkLog(view), stop.Token));
            answer?.Invoke();
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            JobRunner.Say("stopped");
            return ExitCodes.Cancelled;
        }
        catch (Exception problem) when (JobRunner.Unusable(problem) is { } message)
        {
            JobRunner.Say($"error: {message.ReplaceLineEndings(" ")}");
            return ExitCodes.BadInput;
        }
        catch (Exception defect)
        {
            JobRunner.Say($"gim met a defect of its own; please report it with these lines: {defect}");
            return ExitCodes.Defect;
        }
    }

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

        private readonly long started = System.Diagnostics.Stopwatch.GetTimestamp();
        private readonly Lock gate = new();
        private IJobProgress? shown;
        private long before;

        public void Advance(long amount)
        {
            lock (gate)
            {
                if (shown is null && System.Diagnostics.Stopwatch.GetElapsedTime(started) < Unseen)
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

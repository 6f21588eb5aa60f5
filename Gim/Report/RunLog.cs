using System.Diagnostics;
using Gim.Progress;

namespace Gim.Report;

/// <summary>The log of a run: what is said goes to log.txt and to whoever watches.</summary>
internal sealed class RunLog(RunFolder folder, IProgressView view) : IJobLog
{
    public void Info(string line)
    {
        folder.WriteLog(line);
        view.Info(line);
    }

    public void Warn(string line)
    {
        folder.WriteLog($"warning: {line}");
        view.Warn(line);
    }

    public IJobProgress Start(string title, long total, string unit)
        => new Stretch(folder, view.Start(title, total, unit), title, unit);

    private sealed class Stretch(RunFolder folder, IJobProgress shown, string title, string unit) : IJobProgress
    {
        private readonly long started = Stopwatch.GetTimestamp();
        private long done;

        public void Advance(long amount)
        {
            Interlocked.Add(ref done, amount);
            shown.Advance(amount);
        }

        public void Dispose()
        {
            shown.Dispose();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            folder.WriteLog($"{title}: {Quantity.Amount(done, unit)} in {Quantity.Duration(elapsed)} ({Quantity.Rate(done / Math.Max(elapsed.TotalSeconds, 1e-6), unit)})");
        }
    }
}

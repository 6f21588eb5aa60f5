using System.Diagnostics;
using Gim.Progress;

namespace Gim.Report;

/// <summary>Plain lines, for files and pipes: work that lasts says every two seconds how far it is.</summary>
internal sealed class PlainView(TextWriter error) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public void Info(string line) => Write(line);

    public void Warn(string line) => Write($"warning: {line}");

    public IJobProgress Start(string title, long total, string unit) => new Stretch(this, title, total, unit);

    private void Write(string line)
    {
        lock (error)
        {
            try
            {
                error.WriteLine(line);
            }
            catch (IOException)
            {
                // A run does not end because nobody can watch it.
            }
        }
    }

    private sealed class Stretch(PlainView view, string title, long total, string unit) : IJobProgress
    {
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly Lock gate = new();
        private TimeSpan said;
        private long done;

        public void Advance(long amount)
        {
            lock (gate)
            {
                done += amount;
                TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
                if (elapsed - said < Interval)
                    return;
                said = elapsed;
                double rate = done / elapsed.TotalSeconds;
                string ahead = total > 0 && done <= total
                    ? $"{(double)done / total:P0}, {Quantity.Duration(TimeSpan.FromSeconds((total - done) / Math.Max(rate, 1e-9)))} left"
                    : Quantity.Amount(done, unit);
                view.Write($"{title}: {ahead}, {Quantity.Rate(rate, unit)}");
            }
        }

        public void Dispose() { }
    }
}

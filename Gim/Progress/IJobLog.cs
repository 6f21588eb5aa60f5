namespace Gim.Progress;

/// <summary>
/// Where a job says what it does. Stages report through it and never write to a stream themselves, so that a library
/// caller decides what is shown. Members may be called from any thread.
/// </summary>
public interface IJobLog
{
    /// <summary>One line of information.</summary>
    void Info(string line);

    /// <summary>One line about something that was skipped, ignored or odd, and that changes the result.</summary>
    void Warn(string line);

    /// <summary>
    /// Starts a measured stretch of work, shown with its rate and time left when it lasts.
    /// <paramref name="total"/> 0 means that the amount is not known beforehand.
    /// </summary>
    /// <param name="title">What is being done, as a person would say it ("tokenising reference").</param>
    /// <param name="total">Units in all, or 0.</param>
    /// <param name="unit">What is counted ("bytes", "tokens", "examples").</param>
    IJobProgress Start(string title, long total, string unit);
}

/// <summary>One measured stretch of work; disposing it ends the stretch.</summary>
public interface IJobProgress : IDisposable
{
    /// <summary>Adds <paramref name="amount"/> finished units.</summary>
    void Advance(long amount);
}

/// <summary>A log that keeps nothing, for library callers and tests.</summary>
public sealed class SilentLog : IJobLog
{
    private SilentLog() { }

    public static SilentLog Instance { get; } = new();

    public void Info(string line) { }

    public void Warn(string line) { }

    public IJobProgress Start(string title, long total, string unit) => new Stretch();

    private sealed class Stretch : IJobProgress
    {
        public void Advance(long amount) { }

        public void Dispose() { }
    }
}

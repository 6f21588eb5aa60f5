using Gim.Progress;

namespace Gim.Tests.Train;

/// <summary>A log that does something after so many steps of training.</summary>
internal abstract class StepLog(int steps) : IJobLog, IJobProgress
{
    private int done;

    protected abstract void Reached();

    public void Info(string line) { }

    public void Warn(string line) { }

    public IJobProgress Start(string title, long total, string unit) => this;

    public void Advance(long amount)
    {
        if (++done == steps) Reached();
    }

    public void Dispose() { }
}

/// <summary>Stops a run after so many steps.</summary>
internal sealed class StopAfter(int steps, CancellationTokenSource stop) : StepLog(steps)
{
    protected override void Reached() => stop.Cancel();
}

/// <summary>Ends a run after so many steps without any care, as a crash does.</summary>
internal sealed class FailAfter(int steps) : StepLog(steps)
{
    protected override void Reached() => throw new InvalidOperationException("the test's crash");
}

using Gim.Progress;

namespace Gim.Report;

/// <summary>How a person sees a run while it lasts, on standard error.</summary>
internal interface IProgressView
{
    void Info(string line);

    void Warn(string line);

    IJobProgress Start(string title, long total, string unit);
}

/// <summary>Shows warnings and nothing else.</summary>
internal sealed class QuietView(TextWriter error) : IProgressView
{
    private readonly PlainView plain = new(error);

    public void Info(string line) { }

    public void Warn(string line) => plain.Warn(line);

    public IJobProgress Start(string title, long total, string unit) => SilentLog.Instance.Start(title, total, unit);
}

using Gim.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gim.Report;

/// <summary>Progress bars with rate and time left, for a person at a terminal.</summary>
internal sealed class TerminalView : IProgressView
{
    private readonly IAnsiConsole console;
    private readonly ProgressContext context;

    private TerminalView(IAnsiConsole console, ProgressContext context)
    {
        this.console = console;
        this.context = context;
    }

    /// <summary>Runs <paramref name="job"/> with a view that lasts as long as it does.</summary>
    public static void Run(IAnsiConsole console, Action<IProgressView> job)
        => console.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RateColumn(),
                new RemainingTimeColumn())
            .Start(context => job(new TerminalView(console, context)));

    public void Info(string line) => console.MarkupLineInterpolated($"{line}");

    public void Warn(string line) => console.MarkupLineInterpolated($"[yellow]warning:[/] {line}");

    public IJobProgress Start(string title, long total, string unit)
    {
        ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
        task.IsIndeterminate = total <= 0;
        task.Tag = unit;
        return new Stretch(task);
    }

    private sealed class Stretch(ProgressTask task) : IJobProgress
    {
        public void Advance(long amount) => task.Increment(amount);

        public void Dispose()
        {
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
            task.StopTask();
        }
    }

    private sealed class RateColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            // When a stretch is over its mean rate tells more than its last.
            double? rate = task.IsFinished && task.ElapsedTime is { TotalSeconds: > 0 } elapsed ? task.Value / elapsed.TotalSeconds : task.Speed;
            return new Spectre.Console.Text(rate is { } speed ? Quantity.Rate(speed, (string)task.Tag!) : "").RightJustified();
        }
    }
}

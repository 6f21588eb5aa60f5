using Spectre.Console;

namespace Gim.Report;

/// <summary>
/// Output that is made while what it shows is still open, and written once progress has left the terminal.
/// </summary>
internal static class HeldOutput
{
    private const int UnboundedWidth = 1 << 20;

    /// <param name="shown">The console that it will go to.</param>
    /// <param name="write">Makes the output.</param>
    /// <returns>Writes it to standard output.</returns>
    public static Action Of(IAnsiConsole shown, Action<IAnsiConsole> write)
    {
        using var held = new StringWriter();
        bool ansi = shown.Profile.Capabilities.Ansi;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(held),
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        // Without a terminal nothing is wrapped: a quote stays on one line, to be found again.
        console.Profile.Width = Console.IsOutputRedirected ? UnboundedWidth : shown.Profile.Width;
        console.Profile.Capabilities.Unicode = shown.Profile.Capabilities.Unicode;
        write(console);
        string text = held.ToString();
        return () => Console.Out.Write(text);
    }
}

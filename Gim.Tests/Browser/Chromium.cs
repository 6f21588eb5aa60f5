using System.Diagnostics;
using System.Text;

namespace Gim.Tests.Browser;

/// <summary>A headless Chromium with a profile of its own; disposing it ends it, whatever it does.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly TemporaryFolder profile;

    private Chromium(Process process, TemporaryFolder profile, Uri address) => (this.process, this.profile, Address) = (process, profile, address);

    /// <summary>The program: what GIM_CHROMIUM names, else the first of the usual names; null where there is none.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public static async Task<Chromium> StartAsync()
    {
        var profile = new TemporaryFolder();
        Process? process = null;
        try
        {
            var start = new ProcessStartInfo(Path!) { RedirectStandardError = true, RedirectStandardOutput = true, StandardErrorEncoding = Encoding.UTF8 };
            foreach (string argument in (string[])["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank"])
                start.ArgumentList.Add(argument);
            process = Process.Start(start) ?? throw new InvalidOperationException("Chromium did not start.");
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            using var stop = new CancellationTokenSource(StartTime);
            var said = new StringBuilder();
            while (await process.StandardError.ReadLineAsync(stop.Token) is { } line)
            {
                const string listening = "DevTools listening on ";
                said.AppendLine(line);
                if (line.StartsWith(listening, StringComparison.Ordinal))
                {
                    // What it says further is read, so that it never waits to be heard.
                    _ = process.StandardError.ReadToEndAsync(CancellationToken.None).ContinueWith(_ => { }, TaskScheduler.Default);
                    return new Chromium(process, profile, new Uri(line[listening.Length..]));
                }
            }
            throw new InvalidOperationException($"Chromium ended: {said}");
        }
        catch
        {
            if (process is not null) End(process);
            profile.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        End(process);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                profile.Dispose();
                return;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && attempt < 20)
            {
                // A child of the browser may still write its last file.
                Thread.Sleep(100);
            }
        }
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(20));
        }
        process.Dispose();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GIM_CHROMIUM") is { Length: > 0 } named)
            return File.Exists(named) ? named : null;
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        return names.SelectMany(name => folders.Select(folder => System.IO.Path.Combine(folder, name))).Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome").FirstOrDefault(File.Exists);
    }
}

/// <summary>A test in a real browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null) Skip = "needs Chromium: on Debian apt-get install chromium, or GIM_CHROMIUM naming one";
    }
}

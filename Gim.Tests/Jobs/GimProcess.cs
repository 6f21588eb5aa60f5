using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gim.Tests.Jobs;

/// <summary>What one start of the program said and did.</summary>
internal sealed record GimRun(int ExitCode, string Output, string Error, TimeSpan Duration)
{
    public IReadOnlyList<string> ErrorLines { get; } = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>This run, after checking that it ended well.</summary>
    public GimRun Done()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    public override string ToString() => $"exit code {ExitCode} after {Duration.TotalSeconds:F1} s\nstandard output:\n{Output}\nstandard error:\n{Error}";
}

/// <summary>
/// The built program, started as a user starts it: what a caller in the same process cannot see (exit code, streams,
/// signals, locks between processes) is what these tests are about.
/// </summary>
internal sealed partial class GimProcess : IDisposable
{
    // Many times what the longest test needs; a hanging program must not hang the tests.
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> output, error;
    private readonly long started = Stopwatch.GetTimestamp();

    private GimProcess(string workingDirectory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // The program compiles everything at full speed, which pays in long runs; these last a moment.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "gim.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program and waits for its end.</summary>
    public static GimRun Run(string workingDirectory, params IEnumerable<string> arguments)
    {
        using GimProcess gim = Start(workingDirectory, arguments);
        return gim.End();
    }

    public static GimProcess Start(string workingDirectory, params IEnumerable<string> arguments) => new(workingDirectory, arguments);

    /// <summary>Waits for the end.</summary>
    public GimRun End()
    {
        if (!process.WaitForExit(TimeOut))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the program did not end within {TimeOut.TotalSeconds} s; it said: {error.Result}");
        }
        string said = output.Result.ReplaceLineEndings("\n"), told = error.Result.ReplaceLineEndings("\n");
        return new GimRun(process.ExitCode, said, told, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Waits until a condition holds while the program runs.</summary>
    public void WaitUntil(string what, Func<bool> condition)
    {
        while (!condition())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > TimeOut)
                Assert.Fail($"the program ended, or did not come so far: {what}; {(process.HasExited ? End().ToString() : "")}");
            Thread.Sleep(5);
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Sends a signal as a terminal or a job scheduler does.</summary>
    public void Send(PosixSignal signal)
    {
        int number = signal == PosixSignal.SIGINT ? 2 : 15;
        if (SendSignal(process.Id, number) != 0)
            throw new InvalidOperationException($"The signal was not sent: error {Marshal.GetLastPInvokeError()}.");
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}

/// <summary>A test that sends signals.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalTheoryAttribute : TheoryAttribute
{
    public SignalTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no signal that stops another process in an orderly way";
        else if (InterruptIsIgnored())
            Skip = "the tests were started with SIGINT ignored (as in the background of a script), and so is whatever they start";
    }

    private static bool InterruptIsIgnored()
    {
        const string status = "/proc/self/status", key = "SigIgn:";
        if (!File.Exists(status))
            return false;
        string line = File.ReadLines(status).FirstOrDefault(one => one.StartsWith(key, StringComparison.Ordinal)) ?? $"{key}0";
        return (Convert.ToUInt64(line[key.Length..].Trim(), 16) & (1ul << 1)) != 0;
    }
}

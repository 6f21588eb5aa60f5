using System.Text.Json;
using System.Text.Json.Serialization;
using Gim.Files;

namespace Gim.Report;

/// <summary>
/// The folder of one run: <c>config.json</c> (effective values), <c>log.txt</c>, <c>summary.json</c> and what the task
/// adds. While it is open no other run can use it. The files of results and config.json always belong together: a run
/// that is refused for its input leaves those of an earlier run as they were.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions SummaryOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    private const string ConfigName = "config.json", SummaryName = "summary.json";

    // Unix has no way to forbid only writing: there .NET takes every lock but None as one that two writers may share.
    // The lock is a hint between programs that look for it; reading the log with cat or tail goes on.
    private static readonly FileShare LogShare = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    private readonly StreamWriter log;
    private readonly Lock gate = new();

    private RunFolder(string path, StreamWriter log)
    {
        Path = path;
        this.log = log;
    }

    public string Path { get; }

    /// <summary>Makes the folder where needed and takes it for this run.</summary>
    /// <exception cref="InputException">It cannot be written, or another run is using it.</exception>
    public static RunFolder Open(string path)
    {
        OutputFile.CreateFolder(path);
        string logPath = System.IO.Path.Combine(path, "log.txt");
        try
        {
            var stream = new FileStream(logPath, FileMode.Append, FileAccess.Write, LogShare);
            return new RunFolder(path, new StreamWriter(stream) { AutoFlush = true });
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new InputException($"cannot write {logPath}: {problem.Message.TrimEnd('.')}; choose another place with --output", problem);
        }
        catch (IOException problem)
        {
            throw new InputException($"cannot write {logPath}: {problem.Message.TrimEnd('.')}; if another run is using the folder, wait for it or choose another place with --output", problem);
        }
    }

    /// <summary>
    /// Makes the folder this run's, once its input is known to be good: results of an earlier run are removed, since
    /// beside the new config.json they would be taken for this one's.
    /// </summary>
    /// <param name="effectiveJson">What config.json holds.</param>
    /// <param name="results">Names of the files that hold results, beside summary.json.</param>
    /// <exception cref="InputException">A file cannot be removed or written.</exception>
    public void Begin(string effectiveJson, params ReadOnlySpan<string> results)
    {
        foreach (string name in (string[])[SummaryName, .. results])
            OutputFile.Remove(File(name));
        OutputFile.WriteAllText(File(ConfigName), effectiveJson);
    }

    /// <summary>Whether <see cref="Begin"/> writes config.json over the file that the user keeps as config.</summary>
    public bool Overwrites(string config, string effectiveJson)
        => System.IO.Path.GetFullPath(config) == File(ConfigName) && System.IO.File.ReadAllText(config) != effectiveJson;

    public void WriteSummary<T>(T summary)
        => OutputFile.WriteAllText(File(SummaryName), JsonSerializer.Serialize(summary, SummaryOptions) + "\n");

    /// <summary>Adds a line to log.txt, with the time.</summary>
    public void WriteLog(string line)
    {
        lock (gate)
            log.WriteLine($"{DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss.fff zzz}  {line}");
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => log.Dispose();
}

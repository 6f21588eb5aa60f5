using System.Text.Json;
using System.Text.Json.Serialization;
using Gim.Files;

namespace Gim.Report;

/// <summary>
/// The folder of one run: <c>config.json</c> (effective values), <c>log.txt</c>, <c>summary.json</c> and what the task
/// adds. While it is open no other run can use it.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions SummaryOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

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
            var stream = new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.Read);
            return new RunFolder(path, new StreamWriter(stream) { AutoFlush = true });
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new InputException($"cannot write {logPath}: {problem.Message}; choose another place with --output", problem);
        }
        catch (IOException problem)
        {
            throw new InputException($"cannot write {logPath}: {problem.Message}; if another run is using the folder, wait for it or choose another place with --output", problem);
        }
    }

    public void WriteConfig(string effectiveJson) => OutputFile.WriteAllText(File("config.json"), effectiveJson);

    public void WriteSummary<T>(T summary)
        => OutputFile.WriteAllText(File("summary.json"), JsonSerializer.Serialize(summary, SummaryOptions) + "\n");

    /// <summary>Adds a line to log.txt, with the time.</summary>
    public void WriteLog(string line)
    {
        lock (gate)
            log.WriteLine($"{DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss.fff zzz}  {line}");
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => log.Dispose();
}

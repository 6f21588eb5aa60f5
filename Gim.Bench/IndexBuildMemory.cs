using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gim.Bench.Harness;
using Gim.Index;

namespace Gim.Bench;

/// <summary>
/// How much memory building an index takes at its peak, each build in a fresh process: from tokens, which the process
/// reads a document at a time so that only the writer is counted, and from the text as a user would.
/// </summary>
internal static class IndexBuildMemory
{
    /// <summary>The child's first argument; <see cref="FromTokens"/> or <see cref="FromText"/> and a corpus follow.</summary>
    public const string Verb = "measure-build";

    private const string FromTokens = "tokens", FromText = "all-text";

    /// <summary>A Markdown table, two rows per corpus.</summary>
    public static string Table()
    {
        var text = new StringBuilder();
        text.AppendLine("Memory of a build, each in a process of its own: the peak of its resident memory less what it held before (a tiny");
        text.AppendLine("index had been built, so that the code was compiled). The system's file cache is not counted. From text: the");
        text.AppendLine("program's own way, tokenised on all cores; all of the text, where the tokens stop at their number.").AppendLine();
        text.AppendLine("| Corpus | Built from | Tokens | Peak, MB | Bytes/token | Managed memory allocated in all, MB | Seconds |");
        text.AppendLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (Corpus corpus in Corpus.ForBuilding)
        {
            foreach (string from in (string[])[FromTokens, FromText])
            {
                string[] measured = RunChild(Verb, from, corpus.Name).Split(' ');
                double Number(int index) => double.Parse(measured[index], CultureInfo.InvariantCulture);
                double tokens = Number(0), peak = Number(1);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {corpus.Name} | {from.Replace('-', ' ')} | {tokens:N0} | {peak / 1e6:N1} | {peak / tokens:N2} | {Number(2) / 1e6:N1} | {Number(3):N2} |");
            }
        }
        return text.ToString();
    }

    /// <summary>The child: builds an index and prints tokens, peak bytes, managed bytes allocated, and seconds.</summary>
    public static int Run(string from, string corpusName)
    {
        Require.FullSpeed();
        Corpus corpus = Corpus.Named(corpusName);
        string folder = Temporary.NewFolder();
        try
        {
            Corpus.BuildIndex([Enumerable.Range(1, 100).ToArray()], folder, "");
            string tokens = corpus.TokenPath;
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            long before = process.WorkingSet64, managedBefore = GC.GetTotalAllocatedBytes(precise: true);
            long started = Stopwatch.GetTimestamp();
            IndexManifest built = from == FromTokens
                ? Corpus.BuildIndex(TokenFile.Stream(tokens), folder, "")
                : corpus.BuildFromText(folder);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            process.Refresh();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{built.Tokens - built.Documents} {process.PeakWorkingSet64 - before} {GC.GetTotalAllocatedBytes(precise: true) - managedBefore} {seconds:F3}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs this program in a process of its own, and gives what it prints.</summary>
    public static string RunChild(params string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say which program runs.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        // Started as `dotnet Gim.Bench.dll`, the program is dotnet and needs to be told what to run.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(IndexBuildMemory).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        return child.ExitCode == 0 ? output : throw new InvalidOperationException($"The measured build ended with exit code {child.ExitCode}.");
    }
}

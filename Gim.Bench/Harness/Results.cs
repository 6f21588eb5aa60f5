using System.Globalization;
using System.Text;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Gim.Files;

namespace Gim.Bench.Harness;

/// <summary>One question that the benches answer.</summary>
/// <param name="Name">Name of its results file.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Classes">The benches.</param>
/// <param name="Table">A further table in Markdown, measured after them.</param>
internal sealed record Question(string Name, string Description, Type[] Classes, Func<string>? Table = null);

/// <summary>Writes what was measured below <c>results</c>, in a folder of this machine's name.</summary>
internal static class Results
{
    /// <summary>
    /// Writes the file of every question of which all cases were measured: a part would stand for the whole.
    /// Prints it in place of that where <paramref name="toFiles"/> is false.
    /// </summary>
    public static void Write(IReadOnlyList<Question> questions, IReadOnlyList<Summary> summaries, double? loadBefore, bool toFiles)
    {
        string folder = Path.Combine(Repository.Root is { } root ? Path.Combine(root, "Gim.Bench") : ".", "results", Machine.Name);
        foreach (Question question in questions)
        {
            Summary[] own = [.. question.Classes.SelectMany(type => summaries.Where(summary => summary.BenchmarksCases.Any(one => one.Descriptor.Type == type)))];
            if (own.Length == 0)
                continue;
            if (!IsWhole(question, own))
            {
                Console.WriteLine($"{question.Name}: not all cases were measured, so no results are written.");
                continue;
            }
            var text = new StringBuilder();
            text.AppendLine(CultureInfo.InvariantCulture, $"# {question.Name}").AppendLine().AppendLine(question.Description).AppendLine();
            foreach (Summary summary in own)
            {
                var log = new AccumulationLogger();
                MarkdownExporter.GitHub.ExportToLog(summary, log);
                // BenchmarkDotNet puts names with blanks in quotes, which Markdown tables do not need.
                text.AppendLine(log.GetLog().Trim().Replace("&#39;", "", StringComparison.Ordinal)).AppendLine();
            }
            if (question.Table is { } table)
                text.AppendLine(table());
            foreach (Corpus corpus in Corpus.All)
                text.AppendLine(CultureInfo.InvariantCulture, $"- {corpus.Name}: {corpus.Description}; {corpus.HeldOut!.Name}: {corpus.HeldOut.Description}");
            if (SharedData.Folder is null)
                text.AppendLine("- The shared text was not there: only the sample was measured.");
            if (loadBefore is { } load)
                text.AppendLine(CultureInfo.InvariantCulture, $"- Load of the machine over the minute before the run: {load:F2}");
            Console.WriteLine(text);
            if (toFiles)
                OutputFile.WriteAllText(Path.Combine(folder, $"{question.Name}.md"), Plain(text.ToString()));
        }
        if (!toFiles)
            return;
        Console.WriteLine($"Results are in {folder}.");
        OutputFile.WriteAllText(Path.Combine(folder, "versions.txt"), Plain(Machine.Versions()));
    }

    private static bool IsWhole(Question question, Summary[] summaries)
        => summaries.All(summary => summary.Reports.All(report => report.Success))
            && summaries.Sum(summary => summary.Reports.Length)
                == question.Classes.Sum(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases.Length);

    /// <summary>The same line ends and no trailing blanks on every system, and no folder of this machine.</summary>
    private static string Plain(string text)
    {
        foreach (string? place in (string?[])[Repository.Root, SharedData.Folder, Temporary.Folder, AppContext.BaseDirectory])
        {
            if (place is not null && text.Contains(place, StringComparison.Ordinal))
                throw new InvalidOperationException($"The results name the folder {place} of this machine.");
        }
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n') + "\n";
    }
}

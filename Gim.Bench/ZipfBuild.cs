using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gim.Bench.Harness;
using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;

namespace Gim.Bench;

/// <summary>
/// How long an index of a thousand million tokens takes, and how much memory: random text of Zipf's law, made while it is read,
/// so that no corpus of that size is needed. Too long for a benchmark that repeats; one build in a process of its own.
/// </summary>
internal static class ZipfBuild
{
    /// <summary>The child's first argument; the number of tokens and gigabytes of memory follow.</summary>
    public const string Verb = "measure-zipf";

    private const long Tokens = 1_000_000_000;

    private const int Memory = 8, Vocabulary = 50257, DocumentTokens = 1000, DrawBits = 22;

    /// <summary>A Markdown table of one row.</summary>
    public static string Table()
    {
        string[] measured = IndexBuildMemory.RunChild(Verb, $"{Tokens}", $"{Memory}").Split(' ');
        double Number(int index) => double.Parse(measured[index], CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Random text of Zipf's law over {Vocabulary:N0} tokens, in documents of {DocumentTokens:N0}, made while it is read; `memory` {Memory} GB. Peak: resident memory of the whole process.");
        text.AppendLine().AppendLine("| Tokens | Shards | Peak, GB | Bytes/token | Written, GB | Seconds in all | M tokens/s |").AppendLine("|---:|---:|---:|---:|---:|---:|---:|");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {Number(0):N0} | {Number(1):N0} | {Number(2) / 1e9:F2} | {Number(2) / Number(0):F2} | {Number(3) / 1e9:F1} | {Number(4):N0} | {Number(0) / Number(4) / 1e6:F1} |");
        return text.ToString();
    }

    /// <summary>The child: builds the index and prints tokens, shards, peak bytes, bytes written and seconds.</summary>
    public static int Run(string tokens, string gigabytes)
    {
        Require.FullSpeed();
        long count = long.Parse(tokens, CultureInfo.InvariantCulture);
        string folder = Temporary.NewFolder();
        try
        {
            long started = Stopwatch.GetTimestamp();
            int[] byDraw = Draws();
            ulong state = 42;
            int[] document = new int[DocumentTokens];
            using var writer = new IndexWriter(
                folder, TokenWidth.U16, Vocabulary, new IndexBuildSettings { MemoryBytes = long.Parse(gigabytes, CultureInfo.InvariantCulture) * 1_000_000_000 });
            for (long done = 0; done < count; done += DocumentTokens + 1)
            {
                for (int i = 0; i < document.Length; i++)
                {
                    state = state * 6364136223846793005 + 1442695040888963407;
                    document[i] = byDraw[state >> (64 - DrawBits)];
                }
                writer.Append(document, "{}");
            }
            IndexManifest built = writer.Finish(new IndexTokenizer("zipf", ""), Vocabulary - 1, "", SilentLog.Instance, CancellationToken.None);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{built.Tokens} {built.Shards} {process.PeakWorkingSet64} {built.Files.Values.Sum(file => file.Bytes)} {seconds:F1}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A token for each of 2^22 equally likely draws: token r as often as 1/(r + 1) says, seldom ones at least once in a while.</summary>
    private static int[] Draws()
    {
        double[] sums = new double[Vocabulary];
        double sum = 0;
        for (int r = 0; r < Vocabulary; r++)
            sums[r] = sum += 1.0 / (r + 1);
        int[] tokens = new int[1 << DrawBits];
        for (int draw = 0, token = 0; draw < tokens.Length; draw++)
        {
            while (sums[token] / sum < (draw + 0.5) / tokens.Length)
                token++;
            tokens[draw] = token;
        }
        return tokens;
    }
}

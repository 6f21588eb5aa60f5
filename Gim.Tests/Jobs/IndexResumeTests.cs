using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Build;

namespace Gim.Tests.Jobs;

/// <summary>The program building an index, killed in each phase and started again.</summary>
[Collection(ProcessTests.Name)]
public sealed class IndexResumeTests : JobTestBase
{
    private const int ByteVocabulary = 257;

    public IndexResumeTests()
    {
        // More tokens than fill the smallest shard.
        for (int part = 0; part < 4; part++)
            Write($"text/part{part}.txt", Documents(seed: part, count: 340, words: 1200));
        // A line between two separators that says nothing is left out, and said.
        Write("text/part4.txt", "<|endoftext|>\nfirst\n<|endoftext|>\n<|endoftext|>\nlast\n");
        double memory = 1.02 * BuildMemory.Needed(1 << 20, TokenWidth.U8, ByteVocabulary, 1) / 1e9;
        Write("index.json", $$"""
            {"task": "index", "tokenizer": {"kind": "bytes"}, "reference": [{"kind": "text", "path": "text"}, {"kind": "text", "path": "ref.txt"}],
             "threads": 1, "memory": {{memory.ToString(System.Globalization.CultureInfo.InvariantCulture)}}, "output": "index"}
            """);
    }

    private string Journal(string output) => In(output, "building", "journal.json");

    /// <summary>Files of the index, without those of the run.</summary>
    private SortedDictionary<string, byte[]> IndexFiles(string output)
    {
        string[] others = ["config.json", "log.txt", "summary.json"];
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(In(output)).Where(path => !others.Contains(Path.GetFileName(path))))
            files.Add(Path.GetFileName(path), File.ReadAllBytes(path));
        return files;
    }

    private JsonNode? ReadJournal(string output)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Journal(output)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Shards(JsonNode? journal, string with)
        => journal?["shards"]!.AsArray().Count(shard => !string.IsNullOrEmpty((string?)shard!["files"]![with]?["sha256"])) ?? 0;

    [Fact]
    public void A_killed_build_goes_on_from_each_phase()
    {
        GimRun whole = Gim("index.json", "--output", "whole").Done();
        var expected = IndexFiles("whole");
        int shards = expected.Keys.Count(name => name.StartsWith("table.", StringComparison.Ordinal));
        Assert.InRange(shards, 2, 10);
        Assert.Contains($" {shards} shards, ", whole.Output, StringComparison.Ordinal);
        Assert.Contains(whole.ErrorLines, line => line.Contains("skipped 1 document because it is empty", StringComparison.Ordinal));

        var phases = new (string Name, Func<JsonNode?, bool> Reached)[]
        {
            ("tokenising", journal => Shards(journal, "unigram") >= 1),
            ("sorting the first", journal => (bool?)journal?["textComplete"] == true),
            ("sorting a later one", journal => Shards(journal, "table") >= 1),
            ("publishing", journal => Shards(journal, "table") == shards),
        };
        for (int phase = 0; phase < phases.Length; phase++)
        {
            // As soon as a journal of that phase is seen the process is killed.
            bool ended = false;
            using GimProcess gim = GimProcess.Start(Folder, "index.json");
            gim.WaitUntil(phases[phase].Name, () =>
            {
                ended = File.Exists(In("index", "summary.json"));
                return ended || phases[phase].Reached(ReadJournal("index"));
            });
            if (!ended)
                gim.Kill();
            AssertGoesOn(gim.End(), begun: phase > 0);
            // The last phase takes a moment, and may be over before it is seen.
            Assert.True(!ended || phase == phases.Length - 1, phases[phase].Name);
        }
        if (File.Exists(Journal("index")))
            AssertGoesOn(Gim("index.json").Done(), begun: true);
        var found = IndexFiles("index");
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var (file, content) in expected)
            Assert.True(content.AsSpan().SequenceEqual(found[file]), $"{file} differs");
        Assert.False(Directory.Exists(In("index", "building")));

        static void AssertGoesOn(GimRun run, bool begun)
            => Assert.Equal(begun, run.ErrorLines.Any(line => line.StartsWith("going on with an unfinished build: ", StringComparison.Ordinal)));
    }

    [SignalTheory]
    [InlineData(PosixSignal.SIGINT)]
    public void A_stopped_build_says_how_to_go_on(PosixSignal signal)
    {
        using (GimProcess gim = GimProcess.Start(Folder, "index.json"))
        {
            gim.WaitUntil("a shard is full", () => Shards(ReadJournal("index"), "unigram") >= 1);
            gim.Send(signal);
            GimRun stopped = gim.End();
            Assert.True(stopped.ExitCode == 130, stopped.ToString());
            Assert.Contains("run the same command to go on", stopped.ErrorLines[^1], StringComparison.Ordinal);
        }
        GimRun again = Gim("index.json").Done();
        Assert.Contains(again.ErrorLines, line => line.StartsWith("going on with an unfinished build: ", StringComparison.Ordinal));
        Assert.Contains(again.ErrorLines, line => line.Contains("skipped 1 document because it is empty", StringComparison.Ordinal));
        // The index answers: a job that uses it opens it.
        GimWith("""reference=[{"kind":"index","path":"index"}]""").Done();
    }

    [Fact]
    public void Too_little_memory_is_refused_in_one_line()
        => AssertRefused(Gim("index.json", "--set", "memory=0.01"), "\"memory\" 0.01 GB is too small", "at least 0.");
}

using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;

namespace Gim.Tests.Index.Build;

/// <summary>A build that is killed, at whatever step, and asked for again gives the files of one that was not.</summary>
public class KilledBuildTests
{
    [Theory]
    [InlineData(TokenWidth.U16, 30, 1)]
    [InlineData(TokenWidth.U16, 1000, 3)]
    [InlineData(TokenWidth.U16, 7, 11)]
    [InlineData(TokenWidth.U8, 80, 5)]
    [InlineData(TokenWidth.U32, 30, 5)]
    public void Killed_at_any_step_it_goes_on(TokenWidth width, int shardTokens, int stride)
    {
        var build = new BuildCase(width, shardTokens);
        using var whole = new TemporaryFolder();
        IndexManifest manifest = build.Build(whole.Path);
        Assert.True(manifest.Shards > 1 == shardTokens < 1000);
        var expected = BuildCase.Files(whole.Path);
        var random = new Random(42);
        int step = 0;
        var seen = new HashSet<BuildStep>();
        while (true)
        {
            using var folder = new TemporaryFolder();
            BuildStep last = default;
            if (!build.BuildAndKill(folder.Path, step, what => seen.Add(last = what)))
                break;
            AddWhatTheJournalDoesNotKnow(folder.Path, random);
            // Once more, soon after it went on.
            build.BuildAndKill(folder.Path, random.Next(8));
            build.Build(folder.Path);
            BuildCase.AssertSame(expected, folder.Path, $"after a kill at step {step}, {last}");
            step += stride;
        }
        Assert.True(stride > 1 || seen.Count == Enum.GetValues<BuildStep>().Length);
    }

    /// <summary>What a process writes between two saves reaches the disk or does not.</summary>
    private static void AddWhatTheJournalDoesNotKnow(string folder, Random random)
    {
        string building = Path.Combine(folder, "building"), path = Path.Combine(building, "journal.json");
        if (!File.Exists(path))
            return;
        JsonArray shards = JsonNode.Parse(File.ReadAllText(path))!["shards"]!.AsArray();
        byte[] garbage = new byte[random.Next(1, 50)];
        random.NextBytes(garbage);
        for (int shard = 0; shard <= shards.Count; shard++)
        {
            foreach (string kind in (string[])["tokenized", "offset", "metadata", "metaoff", "unigram", "table"])
            {
                bool known = shard < shards.Count && !string.IsNullOrEmpty((string?)shards[shard]!["files"]![kind]?["sha256"]);
                if (!known && random.Next(2) == 0)
                {
                    using FileStream file = File.Open(Path.Combine(building, $"{kind}.{shard}"), FileMode.Append);
                    file.Write(garbage);
                }
            }
        }
    }

    [Fact]
    public void Until_the_new_index_is_whole_the_earlier_one_stands()
    {
        var earlier = new BuildCase(TokenWidth.U16, 7, seed: 1);
        var build = new BuildCase(TokenWidth.U16, 30);
        using var whole = new TemporaryFolder();
        build.Build(whole.Path);
        var expected = BuildCase.Files(whole.Path);
        int valid = 0;
        for (int step = 0; ; step += 5)
        {
            using var folder = new TemporaryFolder();
            IndexManifest old = earlier.Build(folder.Path);
            Assert.True(old.Shards > 10);
            var before = BuildCase.Files(folder.Path);
            if (!build.BuildAndKill(folder.Path, step))
                break;
            if (IndexManifest.Read(folder.Path) is { } manifest && manifest.Shards == old.Shards)
            {
                CorpusIndex.Verify(folder.Path, SilentLog.Instance, CancellationToken.None);
                foreach (var (name, content) in before)
                    Assert.Equal(content, File.ReadAllBytes(folder[name]));
                valid++;
            }
            build.Build(folder.Path);
            BuildCase.AssertSame(expected, folder.Path, $"after a kill at step {step}");
        }
        Assert.True(valid > 10);
    }

    [Fact]
    public void What_is_in_is_neither_tokenised_nor_sorted_again()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        using var folder = new TemporaryFolder();
        int killAt = -1, step = 0, tables = 0;
        build.Build(folder.Path, build.Settings with
        {
            OnStep = what =>
            {
                tables += what == BuildStep.TableWritten ? 1 : 0;
                // The save after the third table.
                if (tables == 3 && what == BuildStep.Saved && killAt < 0)
                    killAt = step;
                step++;
            },
        });
        Assert.True(build.BuildAndKill(folder.Path, killAt));
        int asked = build.Tokenizer.Asked;
        var log = new BuildLog();
        IndexManifest manifest = build.Build(folder.Path, log: log);
        Assert.Equal(asked, build.Tokenizer.Asked);
        Assert.Equal(
            Enumerable.Range(4, manifest.Shards - 3).Select(shard => $"sorting suffixes, shard {shard} of {manifest.Shards}"),
            log.Stretches.Where(title => title.StartsWith("sorting", StringComparison.Ordinal)));
        Assert.Equal($"going on with an unfinished build: {manifest.Documents:N0} documents are in, 3 of {manifest.Shards} shards sorted", Assert.Single(log.Said));
    }

    [Fact]
    public void A_cancelled_build_saves_and_goes_on_behind_its_last_document()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        using var whole = new TemporaryFolder();
        var wholeLog = new BuildLog();
        build.Build(whole.Path, log: wholeLog);
        Assert.NotEmpty(wholeLog.Warnings);

        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        int appended = 0;
        IndexBuildSettings settings = build.Settings with
        {
            SaveInterval = TimeSpan.FromHours(1),
            OnStep = what =>
            {
                if (what == BuildStep.Appended && ++appended == 17)
                    stop.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => build.Build(folder.Path, settings, cancellation: stop.Token));
        int asked = build.Tokenizer.Asked;
        var log = new BuildLog();
        IndexManifest manifest = build.Build(folder.Path, log: log);
        Assert.Equal(manifest.Documents - 17, build.Tokenizer.Asked - asked);
        Assert.Equal(wholeLog.Warnings, log.Warnings);
        BuildCase.AssertSame(BuildCase.Files(whole.Path), folder.Path);
    }

    [Fact]
    public void Sorting_can_be_cancelled()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        IndexBuildSettings settings = build.Settings with
        {
            OnStep = what =>
            {
                if (what == BuildStep.TableWritten)
                    stop.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => build.Build(folder.Path, settings, cancellation: stop.Token));
        var log = new BuildLog();
        build.Build(folder.Path, log: log);
        Assert.Contains(", 1 of ", Assert.Single(log.Said), StringComparison.Ordinal);
    }
}

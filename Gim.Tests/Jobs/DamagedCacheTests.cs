using Gim.Files;
using Gim.Progress;

namespace Gim.Tests.Jobs;

/// <summary>The folder of built indexes: what is damaged there is built again, what is being built is waited for.</summary>
[Collection(ProcessTests.Name)]
public sealed class DamagedCacheTests : JobTestBase
{
    [Fact]
    public void A_damaged_index_is_noticed_and_built_again()
    {
        Gim("job.json").Done();
        byte[] first = Predictions(Output);
        string index = OnlyIndex(Path.Combine(Output, "cache"));
        Dictionary<string, byte[]> whole = Directory.GetFiles(index).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

        void Damaged(string file, byte[]? content, string message)
        {
            string path = Path.Combine(index, file);
            if (content is null)
                File.Delete(path);
            else
                File.WriteAllBytes(path, content);
            GimRun run = Gim("job.json").Done();
            Assert.StartsWith("warning: ", run.ErrorLines[0], StringComparison.Ordinal);
            Assert.Contains(message, run.ErrorLines[0], StringComparison.Ordinal);
            Assert.StartsWith("index built", run.ErrorLines[1], StringComparison.Ordinal);
            Assert.Contains(message, Log(Output), StringComparison.Ordinal);
            Assert.Equal(first, Predictions(Output));
            foreach (var (name, bytes) in whole)
                Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(index, name)));
        }

        byte[] flipped = [.. whole["table.0"]];
        flipped[flipped.Length / 2] ^= 0x10;
        Damaged("table.0", flipped, "table.0 is damaged");
        Damaged("tokenized.0", whole["tokenized.0"][..^1], "tokenized.0 has ");
        Damaged("offset.0", null, "offset.0 is missing");
        Damaged("gim.json", null, "was not finished");
        Damaged("gim.json", "}{"u8.ToArray(), "gim.json cannot be read");
    }

    [Fact]
    public void Runs_that_need_the_same_new_index_share_the_building_of_it()
    {
        Write("ref.txt", Documents(seed: 21, count: 400, words: 1200));
        using GimProcess one = GimProcess.Start(Folder, "job.json", "--set", "cache=cache", "--output", "one");
        using GimProcess two = GimProcess.Start(Folder, "job.json", "--set", "cache=cache", "--output", "two");
        GimRun first = one.End().Done(), second = two.End().Done();

        Assert.Equal(1, Builds(first) + Builds(second));
        Assert.Equal(Predictions(In("one")), Predictions(In("two")));
        OnlyIndex(In("cache"));

        static int Builds(GimRun run) => run.ErrorLines.Count(line => line.StartsWith("index built", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_turn_is_waited_for_and_can_be_given_up()
    {
        var log = new Lines();
        string path = In("turn.lock");
        var (mine, waited) = FileTurn.Take(path, "waiting", log, CancellationToken.None);
        Assert.False(waited);
        Assert.Empty(log.Said);

        using var stop = new CancellationTokenSource();
        Task<(IDisposable? Turn, bool Waited)> next = Task.Run(() => FileTurn.Take(path, "waiting", log, CancellationToken.None));
        Task<(IDisposable? Turn, bool Waited)> third = Task.Run(() => FileTurn.Take(path, "waiting", log, stop.Token));
        Assert.True(SpinWait.SpinUntil(() => log.Said.Count == 2, TimeSpan.FromSeconds(30)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(next.IsCompleted);

        mine!.Dispose();
        (mine, waited) = await next;
        Assert.True(waited);
        mine!.Dispose();
        Assert.Equal(["waiting", "waiting"], log.Said);

        var (none, _) = FileTurn.Take(In("no", "such", "folder"), "waiting", log, CancellationToken.None);
        Assert.Null(none);
    }

    private sealed class Lines : IJobLog
    {
        private readonly List<string> said = [];

        public IReadOnlyList<string> Said
        {
            get
            {
                lock (said)
                    return [.. said];
            }
        }

        public void Info(string line)
        {
            lock (said)
                said.Add(line);
        }

        public void Warn(string line) => Info(line);

        public IJobProgress Start(string title, long total, string unit) => SilentLog.Instance.Start(title, total, unit);
    }
}

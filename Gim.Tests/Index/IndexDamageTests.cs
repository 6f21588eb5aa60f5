using Gim.Index;
using Gim.Progress;

namespace Gim.Tests.Index;

/// <summary>Damaged folders: one clear line, and never a read outside a file.</summary>
public sealed class IndexDamageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public IndexDamageTests()
        => TestCorpus.Random(new Random(42), 9, 10, 50).Build(folder.Path).Dispose();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("table.0", 1)]
    [InlineData("table.0", 3)]
    [InlineData("tokenized.0", 1)]
    [InlineData("tokenized.0", 2)]
    [InlineData("offset.0", 3)]
    [InlineData("offset.0", 8)]
    [InlineData("metaoff.0", 8)]
    public void A_truncated_file_is_named(string name, int missing)
    {
        using (FileStream file = File.Open(folder[name], FileMode.Open))
            file.SetLength(file.Length - missing);
        File.Delete(folder["gim.json"]);
        InputException problem = Assert.Throws<InputException>(() => Use(CorpusIndex.Open(folder.Path, TokenWidth.U16, 9)));
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table.0")]
    [InlineData("tokenized.0")]
    [InlineData("offset.0")]
    [InlineData("metaoff.0")]
    public void A_missing_file_is_named(string name)
    {
        File.Delete(folder[name]);
        InputException problem = Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path));
        Assert.Contains(name.Split('.')[0], problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checking_finds_one_changed_bit()
    {
        foreach (string name in (string[])["table.0", "tokenized.0", "offset.0", "metadata.0", "metaoff.0", "unigram.0"])
        {
            byte[] whole = File.ReadAllBytes(folder[name]);
            CorpusIndex.Verify(folder.Path, SilentLog.Instance, CancellationToken.None);
            whole[whole.Length / 2] ^= 4;
            File.WriteAllBytes(folder[name], whole);
            InputException problem = Assert.Throws<InputException>(() => CorpusIndex.Verify(folder.Path, SilentLog.Instance, CancellationToken.None));
            Assert.Contains(name, problem.Message, StringComparison.Ordinal);
            whole[whole.Length / 2] ^= 4;
            File.WriteAllBytes(folder[name], whole);
        }
    }

    [Fact]
    public void Random_bytes_in_any_file_give_answers_or_one_line()
    {
        var random = new Random(42);
        var counts = new TokenCounts();
        File.Delete(folder["gim.json"]);
        foreach (string name in (string[])["table.0", "tokenized.0", "offset.0", "metaoff.0"])
        {
            byte[] whole = File.ReadAllBytes(folder[name]);
            for (int round = 0; round < 60; round++)
            {
                byte[] damaged = [.. whole];
                for (int i = random.Next(1, 20); i > 0; i--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                File.WriteAllBytes(folder[name], damaged);
                using CorpusIndex? index = TryOpen();
                for (int query = 0; index is not null && query < 20; query++)
                {
                    try
                    {
                        counts.Clear();
                        index.NextTokens([random.Next(9)], counts);
                        index.Shards[0].DocumentByRank(random.NextInt64(index.Tokens), 20);
                    }
                    catch (InputException problem)
                    {
                        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
                    }
                }
            }
            File.WriteAllBytes(folder[name], whole);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"version\": 99}")]
    [InlineData("not json")]
    public void A_manifest_that_is_not_one_is_said(string text)
    {
        File.WriteAllText(folder["gim.json"], text);
        InputException problem = Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path));
        Assert.Contains("gim.json", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_cannot_lead_out_of_its_folder()
    {
        string manifest = File.ReadAllText(folder["gim.json"]).Replace("\"table.0\"", "\"../table.0\"", StringComparison.Ordinal);
        File.WriteAllText(folder["gim.json"], manifest);
        Assert.Throws<InputException>(() => CorpusIndex.Verify(folder.Path, SilentLog.Instance, CancellationToken.None));
    }

    [Theory]
    [InlineData("offset.0", 0)]
    [InlineData("offset.0", 8)]
    [InlineData("tokenized.0", 0)]
    public void Documents_that_begin_elsewhere_than_at_separators_are_noticed(string name, int at)
    {
        File.Delete(folder["gim.json"]);
        byte[] damaged = File.ReadAllBytes(folder[name]);
        damaged[at] ^= 1;
        File.WriteAllBytes(folder[name], damaged);
        InputException problem = Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path, TokenWidth.U16, 9));
        Assert.Contains("begin", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_folder_asks_for_what_its_files_do_not_say()
    {
        File.Delete(folder["gim.json"]);
        Assert.Contains("tokenType", Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("eos", Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path, TokenWidth.U16)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_config_says_must_be_what_the_manifest_says()
        => Assert.Contains("eos", Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path, null, 3)).Message, StringComparison.Ordinal);

    private CorpusIndex? TryOpen()
    {
        try
        {
            return CorpusIndex.Open(folder.Path, TokenWidth.U16, 9);
        }
        catch (InputException problem)
        {
            Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static void Use(CorpusIndex index)
    {
        using (index)
        {
            for (long rank = 0; rank < index.Tokens; rank++)
                index.Shards[0].DocumentByRank(rank, 10);
        }
    }
}

using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Build;
using Gim.Text;

namespace Gim.Tests.Index.Build;

/// <summary>What is left of an unfinished build and is damaged, or of something else: said, and begun again.</summary>
public sealed class BuildJournalTests : IDisposable
{
    private readonly BuildCase build = new(TokenWidth.U16, 30);
    private readonly SortedDictionary<string, byte[]> expected;
    private readonly TemporaryFolder folder = new();

    public BuildJournalTests()
    {
        using var whole = new TemporaryFolder();
        build.Build(whole.Path);
        expected = BuildCase.Files(whole.Path);
    }

    public void Dispose() => folder.Dispose();

    private string Journal => Path.Combine(folder.Path, "building", "journal.json");

    private void Stop(BuildStep at, int times)
    {
        int seen = 0;
        Assert.Throws<KilledException>(() => build.Build(folder.Path, build.Settings with
        {
            OnStep = step =>
            {
                if (step == at && ++seen == times)
                    throw new KilledException();
            },
        }));
    }

    private void AssertStartsOver(params string[] words)
    {
        int asked = build.Tokenizer.Asked;
        var log = new BuildLog();
        IndexManifest manifest = build.Build(folder.Path, log: log);
        foreach (string word in words.Append("starting over"))
            Assert.Contains(word, log.Warnings[0], StringComparison.Ordinal);
        Assert.DoesNotContain("\n", log.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(manifest.Documents, build.Tokenizer.Asked - asked);
        BuildCase.AssertSame(expected, folder.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("{\"version\": 1, \"key\": null}")]
    public void A_journal_that_is_not_one(string content)
    {
        Stop(BuildStep.Appended, 12);
        File.WriteAllText(Journal, content);
        AssertStartsOver("journal cannot be read");
    }

    [Fact]
    public void A_journal_cut_anywhere()
    {
        Stop(BuildStep.Appended, 12);
        byte[] journal = File.ReadAllBytes(Journal);
        for (int length = 0; length < journal.Length - 1; length += 1 + journal.Length / 8)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Journal)!);
            File.WriteAllBytes(Journal, journal[..length]);
            AssertStartsOver("journal cannot be read");
        }
    }

    public static TheoryData<string> Contradictions() =>
    [
        "sources/0/documents=-1", "sources/0/documents=3", "sources/0/finished=false", "sources/0=null", "sources=[]",
        "shards/0/tokens=0", "shards/0/tokens=7", "shards/0/documents=0", "shards/0/documents=29", "shards/0=null", "shards=[]",
        "shards/0/closed=false", "shards/0/files/offset/bytes=-8", "shards/0/files/offset=null", "shards/0/files={}",
        "shards/0/tokens=99999999999999999", "textComplete=true", "version=2", "shardTokens=13",
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_journal_that_contradicts_itself(string change)
    {
        Stop(BuildStep.Appended, 12);
        JsonNode journal = JsonNode.Parse(File.ReadAllText(Journal))!;
        string[] sides = change.Split('=');
        string[] keys = sides[0].Split('/');
        JsonNode at = journal;
        foreach (string key in keys[..^1])
            at = at is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : at[key]!;
        if (at is JsonArray array)
            array[int.Parse(keys[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(sides[1]);
        else
            at[keys[^1]] = JsonNode.Parse(sides[1]);
        File.WriteAllText(Journal, journal.ToJsonString());
        AssertStartsOver();
    }

    [Theory]
    [InlineData("tokenized", -1)]
    [InlineData("offset", -1)]
    [InlineData("metadata", -1)]
    [InlineData("metaoff", -1)]
    [InlineData("tokenized", 0)]
    [InlineData("metadata", 0)]
    [InlineData("unigram", 0)]
    [InlineData("table", 0)]
    public void Files_that_are_shorter_than_they_were_or_missing_or_other(string kind, int shard)
    {
        foreach (string damage in (string[])["short", "missing", "changed"])
        {
            foreach (string file in Directory.GetFiles(folder.Path))
                File.Delete(file);
            if (kind == "table")
                Stop(BuildStep.TableWritten, 2);
            else
                Stop(BuildStep.Appended, 12);
            int last = JsonNode.Parse(File.ReadAllText(Journal))!["shards"]!.AsArray().Count - 1;
            string path = Path.Combine(folder.Path, "building", $"{kind}.{(shard < 0 ? last : shard)}");
            byte[] content = File.ReadAllBytes(path);
            Assert.NotEmpty(content);
            if (damage == "changed" && shard < 0)
                continue;
            if (damage == "missing")
                File.Delete(path);
            else if (damage == "short")
                File.WriteAllBytes(path, content[..^1]);
            else
                File.WriteAllBytes(path, [.. content[..^1], (byte)(content[^1] ^ 1)]);
            AssertStartsOver(Path.GetFileName(path));
        }
    }

    [Fact]
    public void Tokens_of_an_open_shard_that_are_no_documents()
    {
        Stop(BuildStep.Appended, 12);
        int last = JsonNode.Parse(File.ReadAllText(Journal))!["shards"]!.AsArray().Count - 1;
        string path = Path.Combine(folder.Path, "building", $"tokenized.{last}");
        byte[] content = File.ReadAllBytes(path);
        (content[0], content[1]) = (1, 0);
        File.WriteAllBytes(path, content);
        AssertStartsOver("does not hold the documents");
    }

    [Fact]
    public void Another_reference()
    {
        Stop(BuildStep.Appended, 12);
        var changed = new BuildCase(TokenWidth.U16, 30) { Sources = [.. build.Sources.Skip(1).Prepend(new ListedSource("source 0", "changed", ["1 2 3"]))] };
        var log = new BuildLog();
        changed.Build(folder.Path, log: log);
        Assert.Contains("the reference or the tokenizer has changed", log.Warnings[0], StringComparison.Ordinal);
        using var whole = new TemporaryFolder();
        changed.Build(whole.Path);
        BuildCase.AssertSame(BuildCase.Files(whole.Path), folder.Path);
    }

    [Fact]
    public void Another_memory()
    {
        Stop(BuildStep.TableWritten, 2);
        var changed = new BuildCase(TokenWidth.U16, 50);
        var log = new BuildLog();
        changed.Build(folder.Path, log: log);
        Assert.Contains("another \"memory\" or \"threads\"", log.Warnings[0], StringComparison.Ordinal);
        using var whole = new TemporaryFolder();
        changed.Build(whole.Path);
        BuildCase.AssertSame(BuildCase.Files(whole.Path), folder.Path);
    }

    [Fact]
    public void A_source_that_gives_fewer_documents_than_it_did()
    {
        Stop(BuildStep.Appended, 4);
        IDocumentSource shorter = new ListedSource("source 0", build.Sources[0].Fingerprint, ["1 2"]);
        var changed = new BuildCase(TokenWidth.U16, 30) { Sources = [shorter, .. build.Sources.Skip(1)] };
        var log = new BuildLog();
        changed.Build(folder.Path, log: log);
        Assert.Contains("gave 3 documents then and 1 now", log.Warnings[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "building")));
    }

    [Fact]
    public void A_file_of_somebody_else_stays()
    {
        Stop(BuildStep.Appended, 12);
        File.WriteAllText(Path.Combine(folder.Path, "building", "notes.txt"), "mine");
        build.Build(folder.Path);
        Assert.Equal([Path.Combine(folder.Path, "building", "notes.txt")], Directory.GetFiles(Path.Combine(folder.Path, "building")));
    }
}

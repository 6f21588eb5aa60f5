namespace Gim.Tests.Jobs;

/// <summary>Several references answer as one that holds all their text.</summary>
[Collection(ProcessTests.Name)]
public sealed class ReferenceTests : JobTestBase
{
    [Fact]
    public void Several_references_predict_as_one_of_all_their_text()
    {
        string[] parts = [Documents(seed: 11, count: 7, words: 50), Documents(seed: 12, count: 5, words: 40), Documents(seed: 13, count: 9, words: 45)];
        for (int i = 0; i < parts.Length; i++)
            Write($"part{i}.txt", parts[i]);
        Write("all.txt", string.Join("<|endoftext|>\n", parts));
        Write("index.json", """{"task": "index", "tokenizer": {"kind": "bytes"}, "reference": [{"kind": "text", "path": "part2.txt"}], "output": "built"}""");
        Gim("index.json").Done();

        GimWith("output=one", "reference.0.path=all.txt").Done();
        GimWith("output=several", """
            reference=[{"kind":"text","path":"part0.txt"},{"kind":"text","path":"part1.txt"},{"kind":"index","path":"built"}]
            """).Done();
        Assert.Equal(Predictions(In("one")), Predictions(In("several")));
        Assert.Equal(Figures(In("one")), Figures(In("several")));

        // One source of several files is one index.
        GimWith("output=pattern", "reference.0.path=part*.txt").Done();
        Assert.Equal(Predictions(In("one")), Predictions(In("pattern")));
        OnlyIndex(In("pattern", "cache"));
        Assert.Equal(2, Directory.GetDirectories(In("several", "cache")).Length);
    }
}

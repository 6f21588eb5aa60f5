using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Stimulus;

/// <summary>The small files beside transcripts and responses.</summary>
public sealed class StoryFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Write(string text)
    {
        File.WriteAllText(folder["file"], text);
        return folder["file"];
    }

    [Fact]
    public void Respdict_gives_trs()
    {
        RespDict trs = RespDict.Read(Write("\uFEFF{\"adollshouse\": 261, \"buck\": 352}"));
        Assert.Equal(261, trs.Trs("adollshouse"));
        Assert.Equal($"{folder["file"]} has no story 'adolshouse'; is 'adollshouse' meant?", Errors.Of(() => trs.Trs("adolshouse")));
        Assert.Equal($"{folder["file"]} has no story 'x'; add its number of TRs, or leave the story out", Errors.Of(() => trs.Trs("x")));
    }

    [Theory]
    [InlineData("{\"a\": 1,\n\"b\" 2}", "line 2 is not JSON; expected a respdict.json")]
    [InlineData("", "line 1 is not JSON")]
    [InlineData("[1]", "holds no JSON object")]
    [InlineData("{\"a\": 1.5}", "'a' has '1.5' TRs")]
    [InlineData("{\"a\": -1}", "'a' has '-1' TRs")]
    [InlineData("{\"a\": \"1\"}", "'a' has '\"1\"' TRs")]
    [InlineData("{\"a\": 1, \"a\": 2}", "'a' stands there twice")]
    public void A_damaged_respdict_is_an_error(string text, string message)
        => Assert.Contains(message, Errors.Of(() => RespDict.Read(Write(text))), StringComparison.Ordinal);

    [Fact]
    public void A_split_keeps_its_order()
    {
        StorySplit split = StorySplit.Read(Write("{\"train\": [\"b\", \"a\"], \"test\": [\"c\"]}"));
        Assert.Equal(["b", "a"], split.Train);
        Assert.Equal(["b", "a", "c"], split.All);
        Assert.Equal(["a"], split.Where(story => story == "a").All);
        StorySplit named = StorySplit.Of(["c", "b", "a"], ["b"]);
        Assert.Equal(["a", "c"], named.Train);
        Assert.Equal("there is no test story 'wheretheressmok'; is 'wheretheressmoke' meant?", Errors.Of(() => StorySplit.Of(["wheretheressmoke"], ["wheretheressmok"])));
    }

    [Theory]
    [InlineData("{\"train\": [\"a\"]}", "has no list \"test\"")]
    [InlineData("[]", "has no list \"train\"")]
    [InlineData("{\"train\": [\"a\"], \"test\": [\"a\"]}", "the story 'a' stands there twice")]
    [InlineData("{\"train\": [\"a\"], \"test\": [3]}", "\"test\" holds '3', which is no name of a story")]
    [InlineData("{\"train\": [\"../a\"], \"test\": []}", "\"train\" holds '\"../a\"', which is no name of a story")]
    public void A_damaged_split_is_an_error(string text, string message)
        => Assert.Contains(message, Errors.Of(() => StorySplit.Read(Write(text))), StringComparison.Ordinal);

    [Fact]
    public void Labels_are_a_row_for_each_tr()
    {
        LabelTable labels = LabelTable.Read(Write("\"Is it, really?\",b\n1,0\n0,2.5\n"), 2);
        Assert.Equal(["Is it, really?", "b"], labels.Columns);
        Assert.Equal([1, 0, 0, 2.5f], labels.Values.Values);
    }

    [Theory]
    [InlineData("a,b\n1,0\n", "has 1 rows below its names where the story has 2 TRs after trimming")]
    [InlineData("a,b\n1,0\n1\n", "line 3 has 1 columns where line 1 has 2")]
    [InlineData("a,b\n1,0\n\n", "line 3 has 1 columns where line 1 has 2")]
    [InlineData("a,b\n1,0\n1,yes\n", "line 3: column 2 ('b') holds 'yes' where a number was expected")]
    [InlineData("a,b\n1,\n1,0\n", "line 2: column 2 ('b') holds '' where a number was expected")]
    [InlineData("a,b\n1,nan\n1,0\n", "line 2: column 2 ('b') is NaN where a finite number was expected")]
    [InlineData("a,b\n1,\"0\n1,0\n", "line 2 is no CSV")]
    [InlineData("", "is empty")]
    public void Damaged_labels_are_an_error(string text, string message)
        => Assert.Contains(message, Errors.Of(() => LabelTable.Read(Write(text), 2)), StringComparison.Ordinal);

    [Fact]
    public void A_plain_story_has_the_words_of_each_tr_and_numbers_beside_them()
    {
        Story story = PlainStory.Read("s", Write("loud,Text,soft\n1,\"Well, hello there!\",2\n0,,1\n3,Don't,4\n"), 1.5);
        Assert.Equal(["well hello there", "", "don't"], story.Texts);
        Assert.Equal([0, 0, 0, 2], story.WordTrs.ToArray());
        Assert.Equal(new Word("hello", 0.5, 1), story.Words[1]);
        Assert.Equal(new Word("don't", 3, 4.5), story.Words[3]);
        Assert.Equal(["loud", "soft"], story.Labels!.Columns);
        Assert.Equal([1, 2, 0, 1, 3, 4], story.Labels.Values.Values);
        Story bare = PlainStory.Read("s", Write("text\nhello\n\nthere\n"), 2);
        Assert.Equal(["hello", "", "there"], bare.Texts);
        Assert.Null(bare.Labels);
    }

    [Theory]
    [InlineData("words,a\nhello,1\n", "has no column 'text' (it has 'words', 'a')")]
    [InlineData("text,a\n", "has no TR below its line of names")]
    [InlineData("text,a\nhello,x\n", "line 2: column 2 ('a') holds 'x' where a number was expected")]
    public void A_damaged_plain_story_is_an_error(string text, string message)
        => Assert.Contains(message, Errors.Of(() => PlainStory.Read("s", Write(text), 2)), StringComparison.Ordinal);
}

using Gim.Fmri;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Tests.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Responses;

/// <summary>Both layouts of stories and responses, from a folder.</summary>
public sealed class StoryDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Log log = new();

    public void Dispose() => folder.Dispose();

    private string Write(string text, params string[] path)
    {
        string place = Path.Combine([folder.Path, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, text);
        return place;
    }

    private string Response(string subject, string story)
    {
        string place = Path.Combine(folder.Path, "derivative", "preprocessed_data", subject, story + ".hf5");
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return place;
    }

    /// <summary>Stories of 4, 5, 6 and 7 TRs after trimming; S1 did not hear c; d is for testing.</summary>
    private void WriteDs003020()
    {
        Write("{\"a\": 24, \"b\": 25, \"c\": 26, \"d\": 27}", "derivative", "respdict.json");
        Write("{\"train\": [\"c\", \"a\", \"b\"], \"test\": [\"d\"]}", "split.json");
        string[] stories = ["a", "b", "c", "d"];
        for (int i = 0; i < stories.Length; i++)
        {
            Write(TextGridText.Long(("phone", []), ("word", [new("Hello", 10, 11), new("there", 12.5, 13)])), "derivative", "TextGrids", stories[i] + ".TextGrid");
            TestResponses.WriteHdf<double>(Response("S2", stories[i]), TestResponses.Numbered(4 + i, 3, 100 * i), "contiguous", []);
            if (stories[i] != "c")
                TestResponses.WriteHdf<float>(Response("S1", stories[i]), TestResponses.Numbered(4 + i, 3, 100 * i), "packed", [2, 2]);
        }
    }

    [Fact]
    public void A_folder_laid_out_as_ds003020_is_read()
    {
        WriteDs003020();
        Write("q,r\n1,2\n1,2\n1,2\n1,2\n", "labels", "a.csv");
        Ds003020 data = Ds003020.Open(folder.Path);
        Assert.Equal(["S1", "S2"], data.Subjects);
        Story story = data.ReadStory("a");
        Assert.Equal(["hello", "there", "", ""], story.Texts);
        Assert.Equal(["q", "r"], story.Labels!.Columns);
        Assert.Null(data.ReadStory("b").Labels);

        SubjectResponses responses = data.OpenResponses("S1", log);
        Assert.Equal(["a", "b"], responses.Split.Train);
        Assert.Equal(["S1 has no responses to 1 of 3 stories to fit on (c)"], log.Lines);
        Assert.Equal((3, 9, 7), (responses.Targets, responses.Rows(responses.Split.Train), responses.Rows("d")));
        ResponseBlock block = responses.Read(["b", "d", "a"], 1, 2, InvalidTargets.Refuse, log);
        Assert.Equal([new("b", 0, 5), new("d", 5, 7), new("a", 12, 4)], block.Stories);
        Assert.Equal([1, 2], block.Targets);
        Assert.Equal((16, 2), (block.Values.Rows, block.Values.Columns));
        Assert.Equal([100.5f, 101.5f], block.Values.Row(0).ToArray());
        Assert.Equal([300 + 18.5f, 300 + 19.5f], block.Values.Row(11).ToArray());
        Assert.Equal([0.5f, 1.5f], block.Values.Row(12).ToArray());
        Assert.Null(responses.ReadTrials("d", 0, 3));

        // Nine rows of four bytes.
        Assert.Equal([(0, 2), (2, 1)], responses.Ranges(["a", "b"], 2 * 36 + 35));
        Assert.Equal([(0, 3)], responses.Ranges(["a", "b"], long.MaxValue));
        Assert.Equal([(0, 1), (1, 1), (2, 1)], responses.Ranges(["a", "b"], 0));
    }

    [Fact]
    public void Without_a_split_the_published_story_or_those_named_are_for_testing()
    {
        WriteDs003020();
        File.Delete(folder["split.json"]);
        Assert.Equal("there is no test story 'wheretheressmoke'; name one of the stories that are there", Errors.Of(() => Ds003020.Open(folder.Path)));
        Assert.Equal(["b"], Ds003020.Open(folder.Path, ["b"]).Split.Test);
        File.Copy(Path.Combine(folder.Path, "derivative", "TextGrids", "a.TextGrid"), Path.Combine(folder.Path, "derivative", "TextGrids", "wheretheressmoke.TextGrid"));
        Assert.Equal(["a", "b", "c", "d"], Ds003020.Open(folder.Path).Split.Train);
    }

    [Fact]
    public void What_does_not_fit_together_is_named()
    {
        WriteDs003020();
        Ds003020 data = Ds003020.Open(folder.Path);
        Assert.Equal($"{folder.Path} has no subject 'S3'; is 'S1' meant?", Errors.Of(() => data.OpenResponses("S3", log)));

        TestResponses.WriteHdf<double>(Response("S1", "b"), TestResponses.Numbered(6, 3), "contiguous", []);
        Assert.Equal(
            $"S1, story 'b': {Response("S1", "b")} has 6 TRs where 5 were expected (respdict.json's 25 - 20); fetch it again, or leave the story out",
            Errors.Of(() => data.OpenResponses("S1", log)));
        TestResponses.WriteHdf<double>(Response("S1", "b"), TestResponses.Numbered(5, 4), "contiguous", []);
        Assert.Equal(
            $"S1, story 'b': {Response("S1", "b")} has 4 targets where the file of 'a' has 3; all stories of a subject need the same ones",
            Errors.Of(() => data.OpenResponses("S1", log)));
        File.Delete(Response("S1", "d"));
        Assert.Contains("has no file for the test story 'd'", Errors.Of(() => data.OpenResponses("S1", log)), StringComparison.Ordinal);
        File.WriteAllText(Path.ChangeExtension(Response("S2", "b"), ".npy"), "");
        Assert.Contains("b.npy and b.hf5 are of one story; keep one of them", Errors.Of(() => data.OpenResponses("S2", log)), StringComparison.Ordinal);

        Write("{\"a\": 24, \"b\": 20, \"d\": 27}", "derivative", "respdict.json");
        data = Ds003020.Open(folder.Path);
        Assert.Contains("respdict.json has no story 'c'", Errors.Of(() => data.ReadStory("c")), StringComparison.Ordinal);
        Assert.Contains("'b' has 20 TRs, of which none remains after trimming 20", Errors.Of(() => data.ReadStory("b")), StringComparison.Ordinal);
        Assert.Contains("e.TextGrid was not found", Errors.Of(() => Reopened("{\"e\": 30}").ReadStory("e")), StringComparison.Ordinal);
        Directory.Delete(Path.Combine(folder.Path, "derivative", "TextGrids"), recursive: true);
        Assert.Contains("TextGrids was not found; expected the transcripts of a folder laid out as ds003020", Errors.Of(() => Ds003020.Open(folder.Path)), StringComparison.Ordinal);

        Ds003020 Reopened(string respdict)
        {
            Write(respdict, "derivative", "respdict.json");
            return Ds003020.Open(folder.Path);
        }
    }

    [Fact]
    public void Targets_that_are_not_finite_are_refused_or_left_out()
    {
        WriteDs003020();
        Matrix matrix = TestResponses.Numbered(5, 3);
        for (int row = 0; row < 5; row++)
            matrix[row, 1] = float.NaN;
        TestResponses.WriteHdf<double>(Response("S1", "b"), matrix, "contiguous", []);
        SubjectResponses responses = Ds003020.Open(folder.Path).OpenResponses("S1", log);
        string message = Errors.Of(() => responses.Read(["a", "b", "d"], 0, 3, InvalidTargets.Refuse, log));
        Assert.StartsWith($"S1, story 'b': target 1 is not finite in any of its 5 TRs ({Response("S1", "b")}); leave such targets out", message, StringComparison.Ordinal);
        log.Lines.Clear();
        ResponseBlock block = responses.Read(["a", "b", "d"], 0, 3, InvalidTargets.Exclude, log);
        Assert.Equal([0, 2], block.Targets);
        Assert.Equal([-0.5f, 1.5f], block.Values.Row(0).ToArray());
        Assert.Equal(["S1: left out 1 of targets 0 to 2, whose values are not all finite (first: target 1 in TR 0 of 'b')"], log.Lines);

        matrix = TestResponses.Numbered(7, 3);
        matrix[4, 2] = float.NegativeInfinity;
        TestResponses.WriteHdf<double>(Response("S1", "d"), matrix, "contiguous", []);
        message = Errors.Of(() => responses.Read(["d"], 1, 2, InvalidTargets.Refuse, log));
        Assert.StartsWith("S1, story 'd': target 2 is -Infinity in TR 4", message, StringComparison.Ordinal);
        Assert.Equal([0], responses.Read(["a", "b", "d"], 0, 3, InvalidTargets.Exclude, log).Targets);
        Assert.Empty(responses.Read(["b"], 1, 1, InvalidTargets.Exclude, log).Targets);
    }

    [Theory]
    [InlineData(".npy")]
    [InlineData(".csv")]
    [InlineData(".h5")]
    public void A_plain_folder_is_read(string ending)
    {
        Write("text,a\nOne two,1\nthree,2\n", "stories", "x.csv");
        Write("text,a\nfour,1\n,2\nfive,5\n", "stories", "y.csv");
        Write("{\"train\": [\"x\"], \"test\": [\"y\"]}", "split.json");
        foreach (var (story, rows) in new[] { ("x", 2), ("y", 3) })
        {
            string place = Write("1,2\n3,4\n5,6\n"[..(4 * rows)], "responses", "me", story + ending);
            if (ending == ".h5")
                TestResponses.WriteHdf<float>(place, TestResponses.Numbered(rows, 2), "contiguous", []);
            else if (ending == ".npy")
                File.WriteAllBytes(place, [0x93, .. "NUMPY"u8, 1, 0, 59, 0, .. System.Text.Encoding.ASCII.GetBytes($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 2), }}"), .. new byte[8 * rows]]);
        }
        PlainStories data = PlainStories.Open(folder.Path, 2);
        Assert.Equal(["me"], data.Subjects);
        Assert.Equal(["one two", "three"], data.ReadStory("x").Texts);
        SubjectResponses responses = data.OpenResponses("me", log);
        Assert.Equal((2, 2, 3), (responses.Targets, responses.Rows("x"), responses.Rows("y")));
        Assert.Equal(5, responses.Read(["x", "y"], 0, 2, InvalidTargets.Refuse, log).Values.Rows);
        Assert.Null(responses.ReadTrials("y", 0, 2));

        Write("text,a\nOne two,1\n", "stories", "x.csv");
        Assert.Contains("has 2 TRs where 1 were expected (lines of x.csv)", Errors.Of(() => data.OpenResponses("me", log)), StringComparison.Ordinal);
        Assert.Contains("a TR of 0 s; expected a time above 0", Errors.Of(() => PlainStories.Open(folder.Path, 0)), StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("UTS01", 93, 32087)]
    [InlineData("UTS03", 98, 33876)]
    public void The_real_data_have_their_published_sizes(string subject, int stories, int rows)
    {
        Ds003020 data = Ds003020.Open(SharedData.Path("ds003020-pc"));
        Assert.Equal((98, 3), (data.Split.Train.Count, data.Split.Test.Count));
        SubjectResponses responses = data.OpenResponses(subject, log);
        Assert.Equal(stories, responses.Split.Train.Count);
        Assert.Equal(200, responses.Targets);
        Assert.Equal(rows, responses.Rows(responses.Split.Train));
        Assert.Equal(910, responses.Rows(responses.Split.Test));
        ResponseBlock block = responses.Read([.. responses.Split.All], 7, 3, InvalidTargets.Refuse, log);
        Assert.Equal((rows + 910, 3), (block.Values.Rows, block.Values.Columns));
        Assert.Equal(rows, block.Stories[stories].Start);
    }

    [SharedDataFact]
    public void Every_real_story_is_read_with_its_labels()
    {
        Ds003020 data = Ds003020.Open(SharedData.Path("ds003020-pc"));
        int words = 0;
        foreach (string name in data.Split.All)
        {
            Story story = data.ReadStory(name);
            words += story.Words.Count;
            Assert.Equal(86, story.Labels!.Columns.Count);
            Assert.Equal(story.Grid.Kept, story.Labels.Values.Rows);
            Assert.Equal(story.Texts.Count, story.Grid.Kept);
        }
        Assert.InRange(words, 180_000, 260_000);
        Assert.StartsWith("been dating her", data.ReadStory("adollshouse").Words[0].Text + " " + data.ReadStory("adollshouse").Words[1].Text + " " + data.ReadStory("adollshouse").Words[2].Text, StringComparison.Ordinal);
    }

    private sealed class Log : IJobLog
    {
        public List<string> Lines { get; } = [];

        public void Info(string line) => Lines.Add(line);

        public void Warn(string line) => Lines.Add(line);

        public IJobProgress Start(string title, long total, string unit) => SilentLog.Instance.Start(title, total, unit);
    }
}

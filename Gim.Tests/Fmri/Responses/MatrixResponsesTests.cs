using Gim.Fmri;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Tests.Fmri.Responses;

public class MatrixResponsesTests
{
    [Fact]
    public void Columns_of_the_values_and_of_every_trial_are_read()
    {
        Matrix values = TestResponses.Numbered(4, 5);
        Matrix[] trials = [TestResponses.Numbered(4, 5, 100), TestResponses.Numbered(4, 5, 200)];
        using var responses = new MatrixResponses(values, trials);
        foreach (var (first, count) in new[] { (0, 5), (1, 3), (4, 1), (5, 0) })
        {
            var read = new float[4 * count];
            responses.Read(first, count, read);
            Assert.Equal(TestResponses.Columns(values, first, count), read);
            IResponseTrials found = responses.FindTrials()!;
            Assert.Equal(2, found.Count);
            found.Read(1, first, count, read);
            Assert.Equal(TestResponses.Columns(trials[1], first, count), read);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => responses.Read(5, 1, new float[4]));
        using var single = new MatrixResponses(values);
        Assert.Null(single.FindTrials());
    }

    [Fact]
    public void A_subject_s_responses_may_be_in_memory()
    {
        var files = new Dictionary<string, ResponseSource>
        {
            ["a"] = new("a in memory", () => new MatrixResponses(TestResponses.Numbered(4, 3))),
            ["b"] = new("b in memory", () => new MatrixResponses(TestResponses.Numbered(5, 3), [TestResponses.Numbered(5, 3, 50)])),
        };
        var split = new StorySplit(["a"], ["b"]);
        SubjectResponses responses = SubjectResponses.Open("me", split, files, story => (story == "a" ? 4 : 5, "as told"));
        Assert.Equal((3, 4, 5), (responses.Targets, responses.Rows("a"), responses.Rows("b")));
        Assert.Equal([0.5f, 3.5f, 6.5f, 9.5f], responses.Read(["a"], 1, 1, InvalidTargets.Refuse, SilentLog.Instance).Values.Values);
        Assert.Null(responses.ReadTrials("a", 0, 3));
        Assert.Equal(49.5f, Assert.Single(responses.ReadTrials("b", 0, 3)!)[0, 0]);
        Assert.Equal(
            "me, story 'a': a in memory has 4 TRs where 6 were expected (as told); fetch it again, or leave the story out",
            Errors.Of(() => SubjectResponses.Open("me", split, files, _ => (6, "as told"))));
    }
}

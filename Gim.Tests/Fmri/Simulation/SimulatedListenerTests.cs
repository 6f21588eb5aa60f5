using Gim.Fmri;
using Gim.Fmri.Responses;
using Gim.Fmri.Scores;
using Gim.Fmri.Simulation;
using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Text;

namespace Gim.Tests.Fmri.Simulation;

public class SimulatedListenerTests
{
    private static readonly SimulationSettings Small = new() { TrainingStories = 5, TestStories = 2, Trs = 200, Targets = 12 };

    private static readonly SimulatedListener Listener = SimulatedListener.Create(Small);

    [Fact]
    public void Neither_threads_nor_runs_change_anything_and_seeds_do()
    {
        SimulatedListener again = SimulatedListener.Create(Small, threads: 3), other = SimulatedListener.Create(Small with { Seed = 2 });
        foreach (string name in Listener.Split.All)
        {
            Assert.Equal(Listener.ReadStory(name).Words, again.ReadStory(name).Words);
            Assert.Equal(Listener.ReadStory(name).Labels!.Values.Values, again.ReadStory(name).Labels!.Values.Values);
            Assert.Equal(Listener.Parts(name).Mean.Values, again.Parts(name).Mean.Values);
            Assert.NotEqual(Listener.ReadStory(name).Words, other.ReadStory(name).Words);
        }
    }

    [Fact]
    public void Words_follow_each_other_inside_the_scan()
    {
        Assert.Equal((5, 2), (Listener.Split.Train.Count, Listener.Split.Test.Count));
        Assert.Equal(Listener.Split.All.Order(StringComparer.Ordinal), Listener.Split.All);
        foreach (string name in Listener.Split.All)
        {
            Story story = Listener.ReadStory(name);
            Assert.InRange(story.Grid.Kept, 180 - TrGrid.Untold, 220 - TrGrid.Untold);
            Assert.DoesNotContain(-1, story.WordTrs.ToArray());
            double end = 0;
            foreach (Word word in story.Words)
            {
                Assert.True(word.Start >= end && word.End > word.Start, $"{name}: '{word.Text}' from {word.Start} to {word.End} after {end}");
                Assert.Equal(word.Text, TextTransforms.Apply(word.Text, TextTransform.LowerCaseWithoutPunctuation));
                end = word.End;
            }
            Assert.InRange(end, story.Grid.Start(story.Grid.Count - 8), story.Grid.Start(story.Grid.Count - 5));
            Assert.InRange(story.Words.Count / end, 1.5, 3.5);
        }
    }

    [Fact]
    public void Each_part_has_the_share_of_the_variance_that_was_set()
    {
        StoryResponses[] all = [.. Listener.Split.All.Select(Listener.Parts)];
        for (int target = 0; target < Small.Targets; target++)
        {
            Assert.Equal(Small.FeatureShare, Variance(all.Select(story => story.Features), target), 1e-4);
            Assert.Equal(Small.InductionShare, Variance(all.Select(story => story.Patterns), target), 1e-4);
        }
        foreach (double share in new[] { 0.0, 0.4 })
        {
            SimulatedListener other = SimulatedListener.Create(Small with { InductionShare = share });
            Assert.Equal(share, Variance(other.Split.All.Select(name => other.Parts(name).Patterns), 3), 1e-4);
        }

        static double Variance(IEnumerable<Matrix> stories, int target)
            => stories.SelectMany(rows => Enumerable.Range(0, rows.Rows).Select(row => Math.Pow(rows[row, target], 2))).Average();
    }

    [Fact]
    public void Test_stories_are_heard_several_times()
    {
        SubjectResponses responses = Listener.OpenResponses(SimulatedListener.Subject, SilentLog.Instance);
        Assert.Equal((Small.Targets, Listener.Split), (responses.Targets, responses.Split));
        Assert.Null(responses.ReadTrials("story-1", 0, 12));
        foreach (string name in Listener.Split.All)
        {
            Matrix rows = responses.Read([name], 2, 3, InvalidTargets.Refuse, SilentLog.Instance).Values;
            Assert.Equal(Listener.ReadStory(name).Grid.Kept, rows.Rows);
            Assert.Equal(Listener.Parts(name).Mean[7, 3], rows[7, 1]);
            double[] column = [.. Enumerable.Range(0, rows.Rows).Select(row => (double)rows[row, 1])];
            Assert.Equal(0, column.Average(), 1e-4);
            Assert.Equal(1, column.Average(value => value * value), 1e-4);
        }
        SimulatedListener long1 = SimulatedListener.Create(Small with { Trs = 2000, TrainingStories = 1, TestStories = 1, RetoldShare = 0 });
        Matrix[] trials = long1.OpenResponses(SimulatedListener.Subject, SilentLog.Instance).ReadTrials("test-1", 0, 12)!;
        Assert.Equal(Small.TestTrials, trials.Length);
        // Of the mean of n hearings s / (s + (1 - s) / n) is signal.
        double signal = Small.FeatureShare + Small.InductionShare, ceiling = Math.Sqrt(signal / (signal + (1 - signal) / trials.Length));
        Assert.Equal(ceiling, NoiseCeiling.Of(trials).Average(), 0.03);
    }

    [Fact]
    public void The_truth_names_rows_that_answer_to_the_same_words()
    {
        int earlier = 0, elsewhere = 0, all = 0;
        foreach (string name in Listener.Split.All)
        {
            Story story = Listener.ReadStory(name);
            RetoldRows retold = Listener.Retold(name);
            for (int row = RetoldRows.Lag; row < story.Grid.Kept; row++)
            {
                all++;
                int found = retold.Earlier[row];
                if (found >= 0)
                {
                    earlier++;
                    Assert.InRange(found, 0, row - SimulatedStories.LeastBetween + 1);
                    AssertShared(name, row, name, found);
                }
                foreach (StoryRow other in retold.Elsewhere[row])
                {
                    elsewhere++;
                    Assert.NotEqual(name, other.Story);
                    Assert.Contains(other.Story, Listener.Split.Train);
                    AssertShared(name, row, other.Story, other.Row);
                }
            }
        }
        Assert.InRange((double)earlier / all, 0.3, 0.7);
        Assert.True(elsewhere > all / 2);

        // A middle word is in both rows' text; rows that answer to what was trimmed have none.
        static void AssertShared(string story, int row, string otherStory, int otherRow)
        {
            if (otherRow < RetoldRows.Lag)
                return;
            string[] words = Listener.ReadStory(story).Texts[row - RetoldRows.Lag].Split(' '), others = Listener.ReadStory(otherStory).Texts[otherRow - RetoldRows.Lag].Split(' ');
            Assert.Contains(words[(words.Length - 1) / 2], others);
        }
    }

    [Fact]
    public void What_cannot_be_is_an_error()
    {
        Assert.Equal("the simulated listener has no subject 'simulate'; it has simulated listener", Errors.Of(() => Listener.OpenResponses("simulate", SilentLog.Instance)));
        Assert.StartsWith("the simulated listener has no story 'x'; it has story-1, story-2", Errors.Of(() => Listener.ReadStory("x")), StringComparison.Ordinal);
        Assert.Equal("0 targets are to be simulated; expected from 1 to 1,000,000", Make(Small with { Targets = 0 }));
        Assert.Equal("the share of drift in the noise is NaN; expected a number from 0 to 1", Make(Small with { DriftShare = double.NaN }));
        Assert.Equal("the noise's memory is 1; expected a number from 0 to below 1", Make(Small with { NoiseMemory = 1 }));
        Assert.Equal(
            "the shares of features and the induction effect are 0.5 and 0.6; together they can be no more than 1", Make(Small with { FeatureShare = 0.5, InductionShare = 0.6 }));
        Assert.Equal(
            "three documents has text for 3 passages, and the simulated stories need more; simulate fewer or shorter stories",
            Errors.Of(() => SimulatedListener.Create(Small, new ShortText(), 1, CancellationToken.None)));

        static string Make(SimulationSettings settings) => Errors.Of(() => SimulatedListener.Create(settings));
    }

    private sealed class ShortText : IDocumentSource
    {
        public string Name => "three documents";

        public string Fingerprint => "";

        public long TotalBytes => 0;

        public IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
        {
            string line = string.Join(' ', Enumerable.Repeat("word", 300));
            return [new(line, "a", 0), new("too short", "b", 0), new(line, "c", 0), new(line, "d", 0)];
        }
    }
}

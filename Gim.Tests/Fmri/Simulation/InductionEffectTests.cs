using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Simulation;
using Xunit.Abstractions;

namespace Gim.Tests.Fmri.Simulation;

/// <summary>What the pipeline finds in simulated responses is what was put into them.</summary>
public class InductionEffectTests(ITestOutputHelper output)
{
    [Fact]
    public void Matching_finds_the_effect_and_the_wrong_text_does_not()
    {
        using var hearing = new Hearing(new SimulationSettings(), output);
        double nearest = hearing.Gain("nearest", hearing.Recording.Nearest(hearing.Keys, 5)), cross = hearing.Gain("cross-story", hearing.Recording.CrossStory(hearing.Keys));
        Assert.True(nearest > 0.05 && cross > 0.1);
        foreach (int shift in new[] { 1, 2, 3 })
        {
            Matrix wrong = Controls.OtherStories(hearing.Keys, hearing.Recording.Stories, shift);
            Assert.InRange(hearing.Gain($"nearest, shift {shift}", hearing.Recording.Nearest(wrong, 5)), -nearest / 5, nearest / 5);
            Assert.InRange(hearing.Gain($"cross-story, shift {shift}", hearing.Recording.CrossStory(wrong)), -cross / 5, cross / 5);
        }
        Assert.True(hearing.Gain("oracle", hearing.Earlier()) > 1.3 * nearest);
        Assert.True(hearing.Gain("oracle, cross-story", hearing.Elsewhere()) > 1.1 * cross);
        Matrix other = Controls.OtherStories(hearing.Keys, hearing.Recording.Stories, 1);
        double contrast = hearing.Gain("contrast", hearing.Recording.Contrast(hearing.Keys));
        Assert.True(contrast > hearing.Gain("contrast, shift 1", hearing.Recording.Contrast(other)) + 0.02);
        // Slow blood flow makes neighbours alike: even the wrong text seems to gain.
        double neighbours = hearing.Gain("nearest, gap 1", hearing.Recording.Nearest(hearing.Keys, 1));
        Assert.True(neighbours > 2 * nearest);
        Assert.True(hearing.Gain("nearest, gap 1, shift 1", hearing.Recording.Nearest(other, 1)) > 0.02);
    }

    [Fact]
    public void Without_the_effect_nothing_gains()
    {
        using var hearing = new Hearing(new SimulationSettings { InductionShare = 0 }, output);
        Assert.InRange(hearing.Gain("nearest", hearing.Recording.Nearest(hearing.Keys, 5)), -0.03, 0.005);
        Assert.InRange(hearing.Gain("cross-story", hearing.Recording.CrossStory(hearing.Keys)), -0.03, 0.005);
        Assert.InRange(hearing.Gain("oracle", hearing.Earlier()), -0.03, 0.005);
    }

    /// <summary>A simulated listener's recording with word rate and labels, and the gains of matches over these.</summary>
    private sealed class Hearing : IDisposable
    {
        private readonly SimulatedListener listener;
        private readonly ITestOutputHelper output;
        private readonly double own;

        public Hearing(SimulationSettings settings, ITestOutputHelper output)
        {
            this.output = output;
            listener = SimulatedListener.Create(settings);
            Recording = new EncodingPieces(listener, SimulatedListener.Subject, story => [WordFeatures.Rate(Downsampling.Bins), LabelFeatures.Like(story)]);
            own = Recording.Score().Mean;
            Keys = Recording.Keys();
            output.WriteLine($"mean r {own:F4}");
        }

        public EncodingPieces Recording { get; }

        public Matrix Keys { get; }

        public double Gain(string what, Matrix match)
        {
            double gain = Recording.Score(match).Mean / own - 1;
            output.WriteLine($"{what}: {gain:P1}");
            return gain;
        }

        /// <summary>What a match lends that finds every earlier row.</summary>
        public Matrix Earlier() => Recording.Standardized(Lent((story, row) => [.. Valid(story, listener.Retold(story.Story).Earlier[row])]), 1);

        /// <summary>What a match lends that finds every row of other stories.</summary>
        public Matrix Elsewhere() => Recording.Standardized(Lent((story, row) => [.. listener.Retold(story.Story).Elsewhere[row]
            .Select(found => Recording.Stories.First(other => other.Story == found.Story).Start + found.Row)]), 3);

        private static IEnumerable<int> Valid(StoryRows story, int earlier) => earlier < 0 ? [] : [story.Start + earlier];

        private Matrix Lent(Func<StoryRows, int, int[]> rows)
        {
            var lent = new Matrix(Recording.Values.Rows, Recording.Values.Columns);
            foreach (StoryRows story in Recording.Stories)
            {
                for (int row = 0; row < story.Count; row++)
                {
                    int[] found = rows(story, row);
                    for (int c = 0; c < lent.Columns && found.Length > 0; c++)
                        lent[story.Start + row, c] = found.Average(other => Recording.Values[other, c]);
                }
            }
            return lent;
        }

        public void Dispose() => Recording.Dispose();
    }
}

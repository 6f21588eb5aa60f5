using Gim.Fmri;
using Gim.Fmri.Simulation;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Simulation;

public class SimulationPartsTests
{
    /// <summary>Values of Glover's formula, worked out with whole exponents: p = 4.5 and w = 0.9 give (t/4.5)^5 and (t/9)^10.</summary>
    [Theory]
    [InlineData(-1, 0.0)]
    [InlineData(0, 0.0)]
    [InlineData(2)]
    [InlineData(4.5)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(32)]
    public void The_haemodynamic_response_is_its_formula(double t, double? value = null)
    {
        double x = t / 4.5, y = t / 9, expected = value ?? x * x * x * x * x * Math.Exp((4.5 - t) / 0.9) - 0.3 * Math.Pow(y * y, 5) * Math.Exp((9 - t) / 0.9);
        Assert.Equal(expected, new HaemodynamicResponse(4.5, 0.3).At(t), 1e-12);
    }

    [Fact]
    public void The_haemodynamic_response_is_largest_at_its_peak()
    {
        foreach (double peak in new[] { 4.0, 5.4, 7 })
        {
            var response = new HaemodynamicResponse(peak, 0);
            Assert.Equal(1, response.At(peak), 1e-12);
            Assert.True(response.At(peak - 0.1) < 1 && response.At(peak + 0.1) < 1);
            Assert.InRange(Math.Abs(new HaemodynamicResponse(peak, 0.35).At(HaemodynamicResponse.Lasts)), 0, 0.002);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.6, 0)]
    [InlineData(0.5, 0.3)]
    public void Noise_has_variance_1_and_forgets_as_it_should(double memory, double drift)
    {
        Matrix noise = new ScannerNoise(memory, drift, 2).Draw(1000, 40, 5);
        Assert.Equal(1, Mean(0), 0.05);
        foreach (int lag in new[] { 1, 2, 5 })
            Assert.Equal((1 - drift) * Math.Pow(memory, lag) + drift, Mean(lag), 0.05);
        Assert.Equal(noise.Values, new ScannerNoise(memory, drift, 2).Draw(1000, 40, 5).Values);
        Assert.NotEqual(noise.Values, new ScannerNoise(memory, drift, 2).Draw(1000, 40, 6).Values);
        Assert.Equal(0, new ScannerNoise(memory, drift, 2).Draw(0, 3, 1).Rows);
        Assert.Equal(1, new ScannerNoise(memory, drift, 2).Draw(1, 3, 1).Rows);

        double Mean(int lag)
        {
            double sum = 0;
            for (int row = lag; row < noise.Rows; row++)
            {
                for (int target = 0; target < noise.Columns; target++)
                    sum += noise[row, target] * noise[row - lag, target] / (noise.Rows - lag) / noise.Columns;
            }
            return sum;
        }
    }

    [Fact]
    public void Activity_is_answered_by_each_target_s_own_response()
    {
        var signal = new SimulatedSignal(new SimulationSettings { Targets = 3 }, 2, 2);
        var one = new Matrix(30, 2);
        one[4, 1] = 1;
        Matrix evoked = signal.OfFeatures(one);
        for (int target = 0; target < 3; target++)
        {
            HaemodynamicResponse response = signal.Haemodynamics[target];
            Assert.InRange(response.Peak, 4, 7);
            double weight = evoked[7, target] / response.At(6);
            for (int t = 0; t < 30; t++)
                Assert.Equal(t > 20 ? 0 : weight * response.At(2 * (t - 4)), evoked[t, target], 1e-5);
        }
    }

    [Fact]
    public void Passages_are_prose_up_to_the_end_of_a_sentence()
    {
        const string text = "Some.Type\nOnly a few words here.\nRepresents a list of System.String objects that 42 threads use. It is the second sentence of this line.\n";
        PassageWord[] words = PassageText.Words(text, 0.5)!;
        Assert.Equal("represents a list of system string objects that 42 threads use", string.Join(' ', words.Select(word => word.Text)));
        Assert.Equal([0, 4, 5], Places(word => word.IsCapital));
        Assert.Equal([4, 5], Places(word => word.IsName));
        Assert.Equal([10], Places(word => word.EndsSentence));
        Assert.Equal(19, PassageText.Words(text, words.Sum(word => Narrator.Expected(word)) + 0.01)!.Length);
        Assert.Null(PassageText.Words(text, 60));
        Assert.Null(PassageText.Words("", 0));

        int[] Places(Predicate<PassageWord> what) => [.. Enumerable.Range(0, words.Length).Where(i => what(words[i]))];
    }

    [Fact]
    public void Labels_count_the_words_of_two_trs()
    {
        var passage = new Passage(0, [new("a", false, false, false), new("banana", true, false, true), new("system42", true, true, false)]);
        Word[] words = [new("a", 0.5, 0.75), new("banana", 1.5, 2.5), new("system42", 4.5, 5)];
        var story = new ToldStory("s", TrGrid.Whole(5, 2), words, [new Telling(passage, 0, 3)]);
        Matrix labels = new WordLabels([story]).Of(story);
        Assert.Equal(20, WordLabels.Columns.Count);
        Assert.Equal(20, WordLabels.Columns.Distinct().Count());
        Assert.Equal([3.5f, 3.5f, 8, 8, 0], Column("letters per word"));
        Assert.Equal([4 / 7f, 4 / 7f, 1 / 8f, 1 / 8f, 0], Column("vowels per letter"));
        Assert.Equal([0.5f, 0.5f, 0, 0, 0], Column("share of short words"));
        Assert.Equal([0, 0, 1, 1, 0], Column("share of numbers"));
        Assert.Equal([0.5f, 0.5f, 1, 1, 0], Column("share of capitals"));
        Assert.Equal([0, 0, 1, 1, 0], Column("share of names"));
        Assert.Equal([0.5f, 0.5f, 0, 0, 0], Column("share of sentence ends"));
        Assert.Equal([0.625f, 0.6875f, 0.75f, 0.875f, 1], Column("share of silence"));
        Assert.Equal([1, 1, 1, 1, 0], Enumerable.Range(0, 5).Select(tr => labels.Row(tr)[10..].ToArray().Sum()));

        float[] Column(string name)
        {
            int column = WordLabels.Columns.ToList().IndexOf(name);
            return [.. Enumerable.Range(0, 5).Select(tr => labels[tr, column])];
        }
    }
}

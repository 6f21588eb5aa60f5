using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Features;

public sealed class DownsamplingTests
{
    private static readonly TrGrid Grid = new(40, 2, -10, 3, 2);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(150, 9)]
    [InlineData(400, 33)]
    public void Lanczos_is_its_definition(int count, int columns)
    {
        var random = new Random(42);
        Matrix words = RandomRows.Of(count, columns);
        // Some before and behind all TRs, some exactly at a TR's middle or where the filter ends.
        double[] times = [.. Enumerable.Range(0, count).Select(i => i % 7 == 0 ? Grid.Time(random.Next(40)) : i % 7 == 1 ? Grid.Time(random.Next(40)) + 6 : random.NextDouble() * 100 - 20)];
        Matrix expected = LanczosReference.Interpolate(words, times, Grid), actual = Lanczos.Interpolate(words, times, Grid);
        Assert.Equal((40, columns), (actual.Rows, actual.Columns));
        for (int tr = 0; tr < 40; tr++)
        {
            double size = times.Select(time => Math.Abs(Lanczos.Weight((Grid.Time(tr) - time) / 2))).Sum() * 3;
            for (int c = 0; c < columns; c++)
                Assert.Equal(expected[tr, c], actual[tr, c], (count + 2) * Math.Pow(2, -24) * size + 1e-9);
        }
        Assert.Throws<ArgumentException>(() => Lanczos.Interpolate(words, new double[count + 1], Grid));
    }

    [Fact]
    public void Lanczos_weights_are_the_published_ones()
    {
        Assert.Equal(1, Lanczos.Weight(0));
        Assert.Equal(0, Lanczos.Weight(3.0001));
        Assert.Equal(0, Lanczos.Weight(double.NaN));
        // 3 sin(π/2) sin(π/6) / (π²/4) = 6 / π².
        Assert.Equal(6 / (Math.PI * Math.PI), Lanczos.Weight(0.5), 1e-15);
        Assert.Equal(6 / (Math.PI * Math.PI), Lanczos.Weight(-0.5), 1e-15);
        Assert.Equal(0, Lanczos.Weight(1), 1e-15);
        var one = new Matrix(1, 1, [2]);
        Matrix rows = Lanczos.Interpolate(one, [Grid.Time(20) + 1], Grid);
        Assert.Equal(2 * 6 / (Math.PI * Math.PI), rows[20, 0], 1e-6);
        Assert.Equal(rows[20, 0], rows[21, 0], 1e-6);
        foreach (double nowhere in new[] { double.NaN, double.PositiveInfinity, double.MinValue, 1e6 })
            Assert.All(Lanczos.Interpolate(one, [nowhere], Grid).Values, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Bins_are_sums_over_the_words_of_a_tr(int count)
    {
        var random = new Random(42);
        Matrix words = RandomRows.Of(count, 17);
        int[] trs = [.. Enumerable.Range(0, count).Select(_ => random.Next(-1, 40))];
        Matrix rows = Bins.Sum(words, trs, 40);
        for (int tr = 0; tr < 40; tr++)
        {
            for (int c = 0; c < 17; c++)
                Assert.Equal(Enumerable.Range(0, count).Where(i => trs[i] == tr).Sum(i => (double)words[i, c]), rows[tr, c], 1e-5);
        }
        Assert.Throws<ArgumentException>(() => Bins.Sum(words, new int[count + 1], 40));
    }

    [Fact]
    public void Words_of_a_story_are_counted_trimmed_and_standardised()
    {
        Word[] words = [.. Enumerable.Range(0, 120).Select(i => new Word("w", i * i / 300.0 - 8, i * i / 300.0 - 7.9))];
        var story = new Story("s", words, Grid);
        WordFeatures rate = WordFeatures.Rate(Downsampling.Bins);
        Matrix counts = rate.Rows(story);
        for (int tr = 0; tr < 40; tr++)
            Assert.Equal(words.Count(word => word.Start >= Grid.Start(tr) && word.Start < Grid.Start(tr + 1)), counts[tr, 0]);
        Matrix rows = rate.Of(story);
        Assert.Equal(35, rows.Rows);
        Matrix expected = Grid.Trim(counts);
        Standardization.Columns(expected);
        Assert.Equal(expected.Values, rows.Values);
        Matrix filtered = WordFeatures.Rate(Downsampling.Lanczos).Rows(story);
        var ones = new Matrix(120, 1);
        ones.Values.AsSpan().Fill(1);
        Assert.Equal(Lanczos.Interpolate(ones, [.. words.Select(word => word.Time)], Grid).Values, filtered.Values);
        // A story in which nobody speaks has features of 0, not NaN.
        Assert.All(rate.Of(new Story("silent", [], Grid)).Values, value => Assert.Equal(0, value));
    }
}

using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;
using PureHDF;

namespace Gim.Tests.Fmri.Features;

public sealed class StoryFeaturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Story Labelled(string name, int rows, params string[] columns)
        => new(name, [], TrGrid.Whole(rows, 2), new LabelTable($"labels/{name}.csv", columns, RandomRows.Of(rows, columns.Length)));

    [Fact]
    public void Labels_are_standardised_and_their_columns_compared()
    {
        Story story = Labelled("a", 30, "x", "y");
        float[] before = [.. story.Labels!.Values.Values];
        LabelFeatures features = LabelFeatures.Like(story);
        Matrix rows = features.Of(story);
        Assert.Equal(before, story.Labels.Values.Values);
        var expected = new Matrix(30, 2, before);
        Standardization.Columns(expected);
        Assert.Equal(expected.Values, rows.Values);
        Assert.Equal("labels/b.csv: column 2 is 'z' where labels/a.csv has 'y'; all stories need the same columns in one order", Errors.Of(() => features.Of(Labelled("b", 3, "x", "z"))));
        Assert.Equal("labels/b.csv: column 2 is nothing where labels/a.csv has 'y'; all stories need the same columns in one order", Errors.Of(() => features.Of(Labelled("b", 3, "x"))));
        Assert.Contains("column 3 is 'z' where labels/a.csv has nothing", Errors.Of(() => features.Of(Labelled("b", 3, "x", "y", "z"))), StringComparison.Ordinal);
        Assert.StartsWith("the story 'c' has no labels; ", Errors.Of(() => features.Of(new Story("c", [], TrGrid.Whole(3, 2)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Position_is_six_columns_in_another_scale()
    {
        Matrix rows = new PositionFeatures().Of(new Story("s", [], new TrGrid(30, 2, 0, 3, 2)));
        Assert.Equal((25, 6), (rows.Rows, rows.Columns));
        double[] decays = [2, 5, 10, 20, 50];
        for (int c = 0; c < 6; c++)
        {
            double[] column = [.. Enumerable.Range(0, 25).Select(i => c < 5 ? Math.Exp(-i / decays[c]) : i / 25.0)];
            double mean = column.Average(), deviation = Math.Sqrt(column.Average(x => (x - mean) * (x - mean)));
            for (int i = 0; i < 25; i++)
                Assert.Equal(3 * (column[i] - mean) / deviation, rows[i, c], 1e-5);
        }
    }

    [Fact]
    public void Features_are_delayed_by_their_kind_and_side_by_side()
    {
        Story[] stories = [Labelled("a", 9, "x", "y"), Labelled("b", 7, "x", "y")];
        LabelFeatures labels = LabelFeatures.Like(stories[0]);
        var position = new PositionFeatures();
        StackedRows rows = FeatureRows.Build([labels, position], stories, [1, 3]);
        Assert.Equal((16, 10), (rows.Values.Rows, rows.Values.Columns));
        Assert.Equal([new("a", 0, 9), new("b", 9, 7)], rows.Stories);
        Matrix second = labels.Of(stories[1]), place = position.Of(stories[1]);
        Assert.Equal([.. second.Row(3), .. second.Row(1), .. place.Row(4)], rows.Values.Row(13).ToArray());
        Assert.Equal([.. second.Row(0), 0, 0, .. place.Row(1)], rows.Values.Row(10).ToArray());
        StackedRows across = FeatureRows.Build([labels, position], stories, [1, 3], acrossStories: true);
        Assert.Equal([.. second.Row(0), .. labels.Of(stories[0]).Row(7), .. place.Row(1)], across.Values.Row(10).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public void Vectors_in_the_manner_of_english1000_are_read(int length)
    {
        string path = folder["english1000sm.hf5"];
        new H5File { ["data"] = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, ["vocab"] = new[] { "one", "Two", "naïve" } }.Write(path, new H5WriteOptions(DefaultStringLength: length));
        Eng1000 vectors = Eng1000.Read(path);
        Assert.Equal(2, vectors.Columns);
        Assert.Equal([1, 4], vectors.Of("one").ToArray());
        Assert.Equal([2, 5], vectors.Of("two").ToArray());
        Assert.Equal([3, 6], vectors.Of("naïve").ToArray());
        Assert.True(vectors.Of("three").IsEmpty);
        var story = new Story("s", [new("one", 0, 1), new("three", 0.5, 1), new("naïve", 1, 2), new("two", 3, 4)], TrGrid.Whole(2, 2));
        Assert.Equal([4, 10, 2, 5], new WordFeatures("eng1000", vectors, Downsampling.Bins).Rows(story).Values);
    }

    [Fact]
    public void Vectors_laid_out_otherwise_are_an_error()
    {
        string path = folder["english1000sm.hf5"];
        new H5File { ["data"] = new double[3, 2], ["vocab"] = new[] { "one", "two", "three" } }.Write(path);
        Assert.StartsWith($"{path}: 'data' is [3, 2] beside 3 words in 'vocab'", Errors.Of(() => Eng1000.Read(path)), StringComparison.Ordinal);
        new H5File { ["data"] = new double[2, 3], ["vocab"] = new int[3] }.Write(path);
        Assert.StartsWith($"{path}: the dataset 'vocab' is no list of texts", Errors.Of(() => Eng1000.Read(path)), StringComparison.Ordinal);
        new H5File { ["data"] = new double[2, 3] }.Write(path);
        Assert.StartsWith($"{path} has no dataset 'vocab'", Errors.Of(() => Eng1000.Read(path)), StringComparison.Ordinal);
        new H5File { ["data"] = new[,] { { 1, double.NaN } }, ["vocab"] = new[] { "one", "two" } }.Write(path);
        Assert.StartsWith($"{path}: 'data' is NaN in row 0 for the word 'two'", Errors.Of(() => Eng1000.Read(path)), StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Real_stories_have_finite_features()
    {
        Ds003020 data = Ds003020.Open(SharedData.Path("ds003020-pc"));
        Story[] stories = [.. data.Split.Test.Select(data.ReadStory)];
        StackedRows rows = FeatureRows.Build(
            [WordFeatures.Rate(Downsampling.Bins), WordFeatures.Rate(Downsampling.Lanczos), LabelFeatures.Like(stories[0]), new PositionFeatures()], stories, Delays.Published);
        Assert.Equal((910, 4 * 88 + 6), (rows.Values.Rows, rows.Values.Columns));
        Assert.All(rows.Values.Values, value => Assert.True(float.IsFinite(value)));
    }
}

using Gim.Evaluate;

namespace Gim.Tests.Evaluate;

public sealed class ExampleBootstrapTests
{
    private static readonly string[] Models = ["a", "b", "c"];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 40)]
    [InlineData(37, 200)]
    public void It_is_the_plain_definition_at_any_number_of_threads(int clusters, int samples)
    {
        var (rows, clusterOf) = Random(seed: clusters, clusters, examples: 3 * clusters);
        ClusterSums sums = Sum(rows, clusterOf, clusters);
        ExampleBootstrap one = ExampleBootstrap.Draw(sums, 7, samples, 1), three = ExampleBootstrap.Draw(sums, 7, samples, 3);
        for (int m = 0; m < Models.Length; m++)
        {
            foreach (ExampleFigure figure in Enum.GetValues<ExampleFigure>())
            {
                FigureInterval expected = Plain(rows, clusterOf, clusters, 7, samples, means => means(m, figure));
                AssertClose(expected, one.Of(m, figure));
                Assert.Equal(one.Of(m, figure), three.Of(m, figure));
                AssertClose(Plain(rows, clusterOf, clusters, 7, samples, means => means(m, figure) - means(0, figure)), one.Difference(m, 0, figure));
            }
        }
    }

    [Fact]
    public void Half_right_of_400_is_known_to_five_points()
    {
        var sums = new ClusterSums(400, 1);
        for (int i = 0; i < 400; i++)
            sums.Add(i, 0, Row("a", i, 0, i % 2 == 0));
        FigureInterval half = ExampleBootstrap.Draw(sums, 1, 2000, 2).Of(0, ExampleFigure.Recall1);
        // The normal interval: 1.96 · √(0.25/400) = 0.049.
        Assert.Equal(0.5, half.Value);
        Assert.InRange(half.Low, 0.441, 0.461);
        Assert.InRange(half.High, 0.539, 0.559);
    }

    [Fact]
    public void What_is_always_so_has_no_width_and_alike_models_do_not_differ()
    {
        var sums = new ClusterSums(50, 3);
        for (int i = 0; i < 50; i++)
        {
            sums.Add(i, 0, Row("a", i, 0, true));
            sums.Add(i, 1, Row("b", i, 0, i % 3 == 0));
            sums.Add(i, 2, Row("c", i, 0, i % 3 == 0));
        }
        ExampleBootstrap bootstrap = ExampleBootstrap.Draw(sums, 3, 300, 2);
        Assert.Equal(new FigureInterval(1, 1, 1), bootstrap.Of(0, ExampleFigure.Recall1));
        Assert.Equal(new FigureInterval(0, 0, 0), bootstrap.Difference(1, 2, ExampleFigure.Recall1));
        FigureInterval alone = bootstrap.Of(1, ExampleFigure.Recall1);
        Assert.True(alone.Low < alone.Value && alone.Value < alone.High);
    }

    [Fact]
    public void Alike_examples_of_few_documents_are_less_sure_than_as_many_of_their_own()
    {
        var alone = new ClusterSums(400, 1);
        var together = new ClusterSums(40, 1);
        for (int i = 0; i < 400; i++)
        {
            alone.Add(i, 0, Row("a", i, 0, i / 10 % 2 == 0));
            together.Add(i / 10, 0, Row("a", i, 0, i / 10 % 2 == 0));
        }
        double Width(ClusterSums sums)
        {
            FigureInterval interval = ExampleBootstrap.Draw(sums, 1, 1000, 2).Of(0, ExampleFigure.Recall1);
            return interval.High - interval.Low;
        }

        Assert.InRange(Width(together) / Width(alone), 2.6, 3.8);
    }

    [Fact]
    public void Very_many_clusters_get_fewer_samples()
    {
        Assert.Equal(2000, ExampleBootstrap.SamplesFor(1));
        Assert.Equal(2000, ExampleBootstrap.SamplesFor(100_000));
        Assert.Equal(1000, ExampleBootstrap.SamplesFor(200_000));
        Assert.Equal(200, ExampleBootstrap.SamplesFor(int.MaxValue));
    }

    [Theory]
    [InlineData(29, 1, 29 * 4, "examples")]
    [InlineData(29, 3, 39, "contexts of 3 successive examples")]
    [InlineData(30, 3, 30, "documents")]
    public void Documents_are_drawn_where_there_are_enough(int documents, int consecutive, int count, string unit)
    {
        int[] documentOf = [.. Enumerable.Range(0, documents * 4).Select(i => 5 + i / 4 * 2)];
        ExampleClusters clusters = ExampleClusters.Of(documentOf, consecutive);
        Assert.Equal((count, unit), (clusters.Count, clusters.Unit));
        for (int i = 0; i < documentOf.Length; i++)
            Assert.Equal(documents >= 30 ? i / 4 : i / consecutive, clusters[i]);
    }

    [Fact]
    public void Of_too_many_clusters_neighbours_go_together()
    {
        ExampleClusters clusters = ExampleClusters.Of(new int[250_001], 1);
        Assert.Equal((83_334, "groups of 3 neighbouring examples"), (clusters.Count, clusters.Unit));
        Assert.Equal((0, 0, 1, 83_333), (clusters[0], clusters[2], clusters[3], clusters[250_000]));
    }

    /// <summary>As the definition says it: examples of drawn clusters put together, figures taken as means over them.</summary>
    private static FigureInterval Plain(
        PredictionScore[][] rows, int[] clusterOf, int clusters, long seed, int samples, Func<Func<int, ExampleFigure, double>, double> figure)
    {
        double Over(IReadOnlyList<int> examples) => figure((m, what) => examples.Average(i => Value(rows[i][m], what)));
        var values = new List<double>();
        for (int sample = 0; sample < samples; sample++)
        {
            var random = new SeededRandom(SubSeed.Of(seed, sample));
            int[] drawn = [.. Enumerable.Range(0, clusters).Select(_ => (int)random.Below(clusters))];
            values.Add(Over([.. drawn.SelectMany(cluster => Enumerable.Range(0, rows.Length).Where(i => clusterOf[i] == cluster))]));
        }
        values.Sort();
        double At(double share)
        {
            double place = share * (samples - 1);
            int low = (int)Math.Floor(place), high = (int)Math.Ceiling(place);
            return values[low] + (place - low) * (values[high] - values[low]);
        }

        return new FigureInterval(Over([.. Enumerable.Range(0, rows.Length)]), At(0.025), At(0.975));
    }

    private static double Value(PredictionScore row, ExampleFigure figure) => figure switch
    {
        ExampleFigure.Recall1 => row.Recall1 ? 1 : 0,
        ExampleFigure.Recall1Equal => row.Recall1Equal ? 1 : 0,
        ExampleFigure.Recall5 => row.Recall5 ? 1 : 0,
        ExampleFigure.EffectiveN => row.SuffixLen,
        _ => row.TokenProb,
    };

    private static void AssertClose(FigureInterval expected, FigureInterval actual)
    {
        // Sums of a few hundred doubles in another order.
        Assert.Equal(expected.Value, actual.Value, 1e-9);
        Assert.Equal(expected.Low, actual.Low, 1e-9);
        Assert.Equal(expected.High, actual.High, 1e-9);
    }

    private static ClusterSums Sum(PredictionScore[][] rows, int[] clusterOf, int clusters)
    {
        var sums = new ClusterSums(clusters, Models.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int m = 0; m < Models.Length; m++)
                sums.Add(clusterOf[i], m, rows[i][m]);
        }
        return sums;
    }

    private static (PredictionScore[][] Rows, int[] ClusterOf) Random(int seed, int clusters, int examples)
    {
        var random = new Random(seed);
        PredictionScore[][] rows = [.. Enumerable.Range(0, examples).Select(i => Models.Select(model =>
            Row(model, i, 0, random.Next(2) == 0) with { Recall5 = random.Next(3) > 0, Recall1Equal = random.Next(2) == 0, SuffixLen = random.Next(30), TokenProb = random.NextDouble() }).ToArray())];
        // Clusters of different sizes, none of them empty.
        return (rows, [.. Enumerable.Range(0, examples).Select(i => i < clusters ? i : random.Next(clusters)).Order()]);
    }

    private static PredictionScore Row(string model, int example, int document, bool right)
        => new(model, example, document, 0, 0, 0, 1, 0, 0, false, right, right, right, "infinigram");
}

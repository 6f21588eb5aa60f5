namespace Gim.Evaluate;

/// <summary>A figure, and the ends of an interval that holds it with some certainty.</summary>
internal readonly record struct FigureInterval(double Value, double Low, double High);

/// <summary>The mean of what is asked about.</summary>
internal enum ExampleFigure { Recall1, Recall1Equal, Recall5, EffectiveN, TargetProb }

/// <summary>
/// How sure the accuracies of models, and their differences, are (paired bootstrap): clusters of examples are drawn with
/// replacement, as many as there are and the same for every model, and each figure is the mean over the examples drawn. Its
/// interval goes from the 2.5th to the 97.5th of a hundred such means, in proportion between the two nearest.
/// </summary>
internal sealed class ExampleBootstrap
{
    public const int DefaultSamples = 2000, FewestSamples = 200;

    /// <summary>Draws of clusters in all, at most: enough for 2,000 samples of 100,000.</summary>
    private const long MostDraws = 200_000_000;

    private static readonly int Figures = Enum.GetValues<ExampleFigure>().Length;

    private readonly double[] own;
    private readonly double[][] samples;

    private ExampleBootstrap(double[] own, double[][] samples) => (this.own, this.samples) = (own, samples);

    public int Samples => samples.Length;

    /// <summary>Samples that so many clusters are drawn for.</summary>
    public static int SamplesFor(int clusters) => (int)Math.Clamp(MostDraws / Math.Max(1, clusters), FewestSamples, DefaultSamples);

    /// <summary>Draws samples.</summary>
    /// <param name="sums">Of at least one cluster.</param>
    /// <param name="seed">Equal seeds give equal intervals, at any number of threads.</param>
    public static ExampleBootstrap Draw(ClusterSums sums, long seed, int samples, int threads, CancellationToken cancellation = default)
    {
        int width = sums.Width;
        double[] own = Means(sums.Total(), sums.Models);
        var drawn = new double[samples][];
        Parallel.For(0, samples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, sample =>
        {
            var random = new SeededRandom(SubSeed.Of(seed, sample));
            var total = new double[width];
            for (int i = 0; i < sums.Clusters; i++)
            {
                ReadOnlySpan<double> cluster = sums[(int)random.Below(sums.Clusters)];
                for (int k = 0; k < total.Length; k++)
                    total[k] += cluster[k];
            }
            drawn[sample] = Means(total, sums.Models);
        });
        return new ExampleBootstrap(own, drawn);
    }

    /// <summary>A figure of a model.</summary>
    public FigureInterval Of(int model, ExampleFigure figure) => Of(means => means[model * Figures + (int)figure]);

    /// <summary>That of one model less that of another, on the same examples.</summary>
    public FigureInterval Difference(int model, int other, ExampleFigure figure)
        => Of(means => means[model * Figures + (int)figure] - means[other * Figures + (int)figure]);

    private FigureInterval Of(Func<double[], double> figure)
    {
        double[] values = [.. samples.Select(figure)];
        Array.Sort(values);
        return new FigureInterval(figure(own), Quantile(values, 0.025), Quantile(values, 0.975));
    }

    /// <param name="total">[1 + models · figures]: examples, then sums.</param>
    private static double[] Means(ReadOnlySpan<double> total, int models)
    {
        var means = new double[models * Figures];
        for (int i = 0; i < means.Length; i++)
            means[i] = total[1 + i] / total[0];
        return means;
    }

    internal static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>Sums of each cluster: how many examples it has, and for each model the sum of every <see cref="ExampleFigure"/>.</summary>
/// <param name="clusters">Clusters.</param>
/// <param name="models">Models.</param>
internal sealed class ClusterSums(int clusters, int models)
{
    private const int FiguresOfModel = 5;

    private readonly double[] sums = new double[clusters * (1 + models * FiguresOfModel)];

    public int Clusters => clusters;

    public int Models => models;

    /// <summary>Values of a cluster: examples, then the figures model by model.</summary>
    public int Width => 1 + models * FiguresOfModel;

    public ReadOnlySpan<double> this[int cluster] => sums.AsSpan(cluster * Width, Width);

    /// <summary>Adds a row of an example; the first model's counts the example.</summary>
    public void Add(int cluster, int model, in PredictionScore row)
    {
        Span<double> own = sums.AsSpan(cluster * Width, Width);
        if (model == 0) own[0]++;
        own = own.Slice(1 + model * FiguresOfModel, FiguresOfModel);
        own[(int)ExampleFigure.Recall1] += row.Recall1 ? 1 : 0;
        own[(int)ExampleFigure.Recall1Equal] += row.Recall1Equal ? 1 : 0;
        own[(int)ExampleFigure.Recall5] += row.Recall5 ? 1 : 0;
        own[(int)ExampleFigure.EffectiveN] += row.SuffixLen;
        own[(int)ExampleFigure.TargetProb] += row.TokenProb;
    }

    public double[] Total()
    {
        var total = new double[Width];
        for (int i = 0; i < sums.Length; i++)
            total[i % Width] += sums[i];
        return total;
    }
}

namespace Gim.Evaluate;

/// <summary>What a run's report says in figures, gathered row by row, in the order of the examples.</summary>
internal sealed class RunFigures
{
    private const int NotableEach = 2;

    private readonly int notable;

    /// <param name="examples">The run's examples.</param>
    /// <param name="models">The models, in the order of an example's rows.</param>
    /// <param name="notable">Which of the models examples are picked of.</param>
    public RunFigures(ExampleSet examples, IReadOnlyList<string> models, int notable)
    {
        this.notable = notable;
        Models = models;
        Clusters = ExampleClusters.Of(examples);
        Sums = new ClusterSums(Clusters.Count, models.Count);
        Reliability = [.. models.Select(_ => new Reliability())];
        ByLength = [.. models.Select(_ => new AccuracyByLength())];
    }

    public IReadOnlyList<string> Models { get; }

    /// <summary>The model that examples are picked of.</summary>
    public string NotableModel => Models[notable];

    public ExampleClusters Clusters { get; }

    public ClusterSums Sums { get; }

    /// <summary>[models]</summary>
    public IReadOnlyList<Reliability> Reliability { get; }

    /// <summary>[models]</summary>
    public IReadOnlyList<AccuracyByLength> ByLength { get; }

    public NotableExamples Notable { get; } = new(NotableEach);

    /// <summary>Adds rows, each example's together.</summary>
    public void Add(ReadOnlySpan<PredictionScore> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int model = i % Models.Count;
            Sums.Add(Clusters[rows[i].Example], model, rows[i]);
            Reliability[model].Add(rows[i].TopProb, rows[i].Recall1);
            ByLength[model].Add(rows[i]);
            if (model == notable) Notable.Add(rows[i]);
        }
    }
}

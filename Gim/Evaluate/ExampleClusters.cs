namespace Gim.Evaluate;

/// <summary>
/// What is drawn again to see how sure a figure is: whole documents, whose examples resemble each other, where the test text has
/// enough of them; else the targets of a drawn context. Examples are in text order, so that a cluster is a run of them.
/// </summary>
internal sealed class ExampleClusters
{
    /// <summary>Fewer documents say too little about how documents differ.</summary>
    public const int FewestDocuments = 30;

    // Of more clusters than this neighbours go together: intervals are as wide, and memory and time stay small.
    private const int Most = 100_000;

    private readonly int[] clusterOf;

    private ExampleClusters(int[] clusterOf, int count, string unit) => (this.clusterOf, Count, Unit) = (clusterOf, count, unit);

    public int Count { get; }

    /// <summary>What a cluster is, in the plural, for people.</summary>
    public string Unit { get; }

    /// <summary>The cluster of an example.</summary>
    public int this[int example] => clusterOf[example];

    public static ExampleClusters Of(ExampleSet examples) => Of([.. Enumerable.Range(0, examples.Count).Select(i => examples[i].Document)], examples.Consecutive);

    /// <param name="documents">[examples], the document of each, ascending.</param>
    /// <param name="consecutive">Successive targets of a drawn context.</param>
    internal static ExampleClusters Of(ReadOnlySpan<int> documents, int consecutive)
    {
        var clusterOf = new int[documents.Length];
        int different = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            if (i == 0 || documents[i] != documents[i - 1]) different++;
            clusterOf[i] = different - 1;
        }
        string unit = "documents";
        int count = different;
        if (different < FewestDocuments)
        {
            for (int i = 0; i < clusterOf.Length; i++)
                clusterOf[i] = i / consecutive;
            count = (documents.Length + consecutive - 1) / consecutive;
            unit = consecutive == 1 ? "examples" : $"contexts of {consecutive:N0} successive examples";
        }
        int together = (count + Most - 1) / Most;
        if (together > 1)
        {
            for (int i = 0; i < clusterOf.Length; i++)
                clusterOf[i] /= together;
            count = (count + together - 1) / together;
            unit = $"groups of {together:N0} neighbouring {unit}";
        }
        return new ExampleClusters(clusterOf, count, unit);
    }
}

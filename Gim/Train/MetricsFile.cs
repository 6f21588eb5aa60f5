using CsvHelper;
using Gim.Files;

namespace Gim.Train;

/// <summary>A line of <c>metrics.csv</c>: of the training steps since the line before (set "train"), or of one validation set.</summary>
internal sealed record MetricsRow(
    int Step, long Tokens, string Set, double Loss, double? Recall1, double? Recall1Equal, double? ExactRecall1, double? ExactRecall1Equal,
    double? LearningRate, double? GradientNorm, double? InverseTemperature, double? TokensPerSecond);

/// <summary>
/// <c>metrics.csv</c>: how training went. Lines are added as it goes; a run that goes on drops those of steps that it does
/// again.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class MetricsFile(string path)
{
    public const string FileName = "metrics.csv";

    private readonly List<MetricsRow> rows = [];

    public static IReadOnlyList<string> Columns { get; } =
    [
        "step", "tokens", "set", "loss", "recall1", "recall1Equal", "exactRecall1", "exactRecall1Equal", "learningRate", "gradientNorm", "inverseTemperature",
        "tokensPerSecond",
    ];

    public IReadOnlyList<MetricsRow> Rows => rows;

    /// <summary>Keeps the lines of the steps that are done.</summary>
    public void Begin(int step)
    {
        rows.Clear();
        if (step > 0 && File.Exists(path)) rows.AddRange(Read().Where(row => row.Step <= step));
        Write();
    }

    public void Add(MetricsRow row)
    {
        rows.Add(row);
        Write();
    }

    public void Add(int step, long tokens, IReadOnlyList<ValidatedSet> sets)
    {
        // A run that was stopped right after a validation makes it again.
        rows.RemoveAll(row => row.Step == step && row.Set != RecentSteps.SetName);
        rows.AddRange(sets.Select(set => new MetricsRow(
            step, tokens, set.Set, set.Loss, set.Recall1, set.Recall1Equal, set.ExactRecall1, set.ExactRecall1Equal, null, null, null, null)));
        Write();
    }

    /// <summary>The whole file anew: it has a few thousand lines at most, and so never holds half a one.</summary>
    private void Write() => CsvOutput.Write(path, Columns, csv =>
    {
        foreach (MetricsRow row in rows)
        {
            csv.WriteField(row.Step);
            csv.WriteField(row.Tokens);
            csv.WriteField(row.Set);
            csv.WriteValues(
                row.Loss, row.Recall1, row.Recall1Equal, row.ExactRecall1, row.ExactRecall1Equal, row.LearningRate, row.GradientNorm, row.InverseTemperature, row.TokensPerSecond);
        }
    });

    /// <summary>The rows of the file, as far as they are whole.</summary>
    private List<MetricsRow> Read()
    {
        var read = new List<MetricsRow>();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        using CsvReader csv = CsvReader.Create(stream, new CsvReaderOptions(), false);
        try
        {
            while (csv.Read())
            {
                double? Optional(int column) => csv.GetString(column).Length == 0 ? null : csv.Parse<double>(column);
                read.Add(new MetricsRow(
                    csv.Parse<int>(0), csv.Parse<long>(1), csv.GetString(2), csv.Parse<double>(3), Optional(4), Optional(5), Optional(6), Optional(7), Optional(8), Optional(9),
                    Optional(10), Optional(11)));
            }
        }
        catch (Exception problem) when (problem is FormatException or CsvFormatException or OverflowException or ArgumentOutOfRangeException)
        {
            // Somebody's editor: what was read so far is kept.
        }
        return read;
    }
}

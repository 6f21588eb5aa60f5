using CsvHelper;

namespace Gim.Evaluate;

/// <summary>
/// The columns of <c>predictions.csv</c>, written and read. Names and order are a contract: the published analysis
/// reads them. Yes and no are 1 and 0, so that a column's mean is its rate; probabilities have all the digits that
/// make the same number again.
/// </summary>
public static class PredictionRows
{
    private static readonly string[] Columns =
    [
        "model_name", "example", "document", "position", "target", "predicted", "query_count", "token_prob", "correct",
        "suffix_len", "sparse", "recall_1", "recall_5", "recall_1_eq", "model",
    ];

    private static readonly CsvWriterOptions WriterOptions = new() { NewLine = "\n" };

    internal static CsvWriter Writer(Stream stream)
    {
        CsvWriter csv = CsvWriter.Create(stream, WriterOptions, false);
        csv.WriteRecord(Columns);
        return csv;
    }

    internal static void Write(CsvWriter csv, in PredictionScore row)
    {
        csv.WriteField(row.ModelName);
        csv.WriteField(row.Example);
        csv.WriteField(row.Document);
        csv.WriteField(row.Position);
        csv.WriteField(row.Target);
        csv.WriteField(row.Predicted);
        csv.WriteField(row.QueryCount);
        csv.WriteField(row.TokenProb);
        csv.WriteField(row.Recall1 ? 1 : 0);
        csv.WriteField(row.SuffixLen);
        csv.WriteField(row.Sparse ? 1 : 0);
        csv.WriteField(row.Recall1 ? 1 : 0);
        csv.WriteField(row.Recall5 ? 1 : 0);
        csv.WriteField(row.Recall1Equal ? 1 : 0);
        csv.WriteField(row.Source);
        csv.EndRecord();
    }

    /// <summary>
    /// The rows of a file, as far as they are whole: one that is cut short or holds something else ends them.
    /// </summary>
    public static IEnumerable<PredictionScore> ReadWhole(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        using CsvReader csv = CsvReader.Create(stream, new CsvReaderOptions(), false);
        while (TryRead(csv, out PredictionScore row))
            yield return row;
    }

    private static bool TryRead(CsvReader csv, out PredictionScore row)
    {
        row = default;
        try
        {
            if (!csv.Read() || csv.FieldCount != Columns.Length)
                return false;
            row = new PredictionScore(
                csv.GetString(0), csv.Parse<int>(1), csv.Parse<int>(2), csv.Parse<long>(3), csv.Parse<int>(4),
                csv.Parse<int>(5), csv.Parse<long>(6), csv.Parse<double>(7), csv.Parse<int>(9), csv.Parse<int>(10) == 1,
                csv.Parse<int>(11) == 1, csv.Parse<int>(12) == 1, csv.Parse<int>(13) == 1, csv.GetString(14));
            return true;
        }
        catch (Exception problem) when (problem is FormatException or CsvFormatException or OverflowException)
        {
            return false;
        }
    }
}

using Gim.Evaluate;

namespace Gim.Tests.Evaluate;

public sealed class PredictionsFileTests : IDisposable
{
    private static readonly string[] Models = ["infini-gram", "induction-exact"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_are_read_back_as_they_were()
    {
        PredictionScore[] rows = Rows(0, 50);
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models))
        {
            file.Append(rows);
            file.Commit();
        }
        Assert.Equal(rows, PredictionRows.ReadWhole(folder["predictions.csv"]));
        Assert.Equal(
            "model_name,example,document,position,target,predicted,query_count,token_prob,correct,suffix_len,sparse,recall_1,recall_5,recall_1_eq,model",
            File.ReadLines(folder["predictions.csv"]).First());
        Assert.Equal(["predictions.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void An_unfinished_file_is_gone_on_with()
    {
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models))
            file.Append(Rows(0, 20));
        Assert.False(File.Exists(folder["predictions.csv"]));
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models))
        {
            Assert.Equal(Rows(0, 20), file.Kept);
            file.Append(Rows(20, 30));
            file.Commit();
        }
        Assert.Equal(Rows(0, 50), PredictionRows.ReadWhole(folder["predictions.csv"]));
    }

    [Fact]
    public void Another_runs_rows_are_not_taken()
    {
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models))
            file.Append(Rows(0, 20));
        using PredictionsFile other = PredictionsFile.Open(folder.Path, "another key", Models);
        Assert.Empty(other.Kept);
        Assert.True(other.DroppedOther);
    }

    [Fact]
    public void A_file_cut_at_any_byte_keeps_whole_examples_with_their_true_values()
    {
        PredictionScore[] rows = Rows(0, 4);
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models))
            file.Append(rows);
        string partial = Directory.GetFiles(folder.Path, "*.csv").Single();
        byte[] whole = File.ReadAllBytes(partial);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(partial, whole[..length]);
            using PredictionsFile file = PredictionsFile.Open(folder.Path, "key", Models);
            Assert.True(file.Kept.Count % Models.Length == 0, $"cut at byte {length}");
            Assert.Equal(rows[..file.Kept.Count], file.Kept);
        }
    }

    private static PredictionScore[] Rows(int first, int count)
    {
        return [.. Enumerable.Range(first, count).SelectMany(example => Models.Select((model, m) =>
        {
            var own = new Random(example * 2 + m);
            return new PredictionScore(
                model, example, own.Next(9), own.NextInt64(1L << 40), own.Next(50257), own.Next(50257), own.NextInt64(1L << 50),
                own.NextDouble(), own.Next(500), own.Next(2) == 0, own.Next(2) == 0, own.Next(2) == 0, own.Next(2) == 0,
                m == 0 ? "infinigram" : "exact-induction");
        }))];
    }
}

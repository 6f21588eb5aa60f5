using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>A run that ends well: its files, their columns and keys, and figures that can be computed again.</summary>
[Collection(ProcessTests.Name)]
public sealed class LanguageModelRunTests : JobTestBase
{
    private const string Header =
        "model_name,example,document,position,target,predicted,query_count,token_prob,correct,suffix_len,sparse,recall_1,recall_5,recall_1_eq,model";

    private const int Context = 24, Stride = 16;

    private static readonly string[] Models = ["infini-gram", "induction-exact"];

    [Fact]
    public void A_run_writes_its_files_and_shows_a_table()
    {
        GimRun run = Gim("job.json").Done();

        Assert.Equal(
            ["accuracy-by-n.svg", "cache", "calibration.svg", "config.json", "log.txt", "predictions.csv", "report.html", "sources.svg", "summary.json"],
            Directory.EnumerateFileSystemEntries(Output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string word in (string[])[.. Models, "recall@1", "recall@5", "results in"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
        Assert.StartsWith("index built", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("index built", Log(Output), StringComparison.Ordinal);
        Assert.EndsWith("done\n", Log(Output).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_similarity_model_for_the_tokenizer_what_needs_one_is_left_out_with_one_warning()
    {
        AssertRefused(GimWith("models=[\"gim\"]"), "gim needs a similarity model", "\"similarityModel\"");

        GimRun run = GimWith("models=[\"infini-gram\",\"induction-exact\",\"induction-fuzzy\",\"gim\"]").Done();
        Assert.StartsWith(
            "warning: induction-fuzzy and gim are left out: the one that comes with the program is for the tokens of gpt2, not of bytes; set \"similarityModel\"",
            Assert.Single(run.ErrorLines, line => line.StartsWith("warning:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(Models, Summary(Output)["models"]!.AsArray().Select(model => (string?)model!["name"]));
    }

    [Fact]
    public void Rows_are_the_examples_that_the_definition_gives()
    {
        Gim("job.json").Done();
        byte[][] documents = [.. TextOf("test.txt")];
        var expected = new List<(int Document, int Position, int Target)>();
        foreach (var (number, document) in documents.Index())
        {
            for (int start = 0; start + Context < document.Length; start += Stride)
                expected.Add((number, start + Context, document[start + Context]));
        }

        Row[] rows = Rows();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count * Models.Length, rows.Length);
        foreach (var (i, row) in rows.Index())
        {
            Assert.Equal(i / Models.Length, row.Example);
            Assert.Equal(Models[i % Models.Length], row.ModelName);
            Assert.Equal(expected[row.Example], (row.Document, row.Position, row.Target));
            Assert.Equal(row.ModelName == "infini-gram" ? "infinigram" : "exact-induction", row.Source);
            Assert.Equal(row.Correct, row.Recall1);
            Assert.Equal(row.Recall1 == 1, row.Predicted == row.Target);
        }
    }

    /// <summary>By counting in the text itself, with no index.</summary>
    [Fact]
    public void The_infini_gram_counts_what_a_search_through_the_text_counts()
    {
        Gim("job.json").Done();
        byte[][] reference = [.. TextOf("ref.txt")], test = [.. TextOf("test.txt")];
        foreach (Row row in Rows().Where(row => row.ModelName == "infini-gram"))
        {
            ReadOnlySpan<byte> context = test[row.Document].AsSpan(row.Position - Context, Context);
            int length = Context;
            int[] next = Followers(reference, context);
            while (next.Sum() == 0)
                next = Followers(reference, context[^--length..]);
            Assert.Equal((length, next.Sum()), (row.SuffixLength, row.QueryCount));
            Assert.Equal((double)next[row.Target] / next.Sum(), row.Probability);
            Assert.Equal(Array.IndexOf(next, next.Max()), row.Predicted);
            Assert.Equal(next.Count(count => count > 0) == 1 ? 1 : 0, row.Sparse);
        }
    }

    [Fact]
    public void The_summary_has_its_keys_and_the_means_of_the_rows()
    {
        Gim("job.json").Done();
        JsonObject summary = Summary(Output);
        Row[] rows = Rows();

        Assert.Equal(
            ["task", "device", "threads", "tokenizer", "reference", "test", "models", "elapsedSeconds", "resumedExamples"],
            summary.Select(pair => pair.Key));
        Assert.Equal(("lm", "cpu", "bytes"), ((string?)summary["task"], (string?)summary["device"], (string?)summary["tokenizer"]));
        Assert.Equal(12, (int)summary["reference"]!["documents"]!);
        Assert.Equal(TextOf("ref.txt").Sum(document => document.Length + 1), (int)summary["reference"]!["tokens"]!);
        Assert.Equal(4, (int)summary["test"]!["documents"]!);
        Assert.Equal(TextOf("test.txt").Sum(document => document.Length), (int)summary["test"]!["tokens"]!);
        Assert.Equal(rows.Length / Models.Length, (int)summary["test"]!["examples"]!);
        Assert.True((double)summary["elapsedSeconds"]! > 0);

        JsonArray models = summary["models"]!.AsArray();
        Assert.Equal(Models, models.Select(model => (string?)model!["name"]));
        foreach (JsonNode? model in models)
        {
            Row[] own = [.. rows.Where(row => row.ModelName == (string?)model!["name"])];
            AssertMeans(own, model!);
            Assert.True((double)model!["examplesPerSecond"]! > 0);
            foreach (var (source, figures) in model["bySource"]!.AsObject())
            {
                Row[] answered = [.. own.Where(row => row.Source == source)];
                Assert.Equal(answered.Length, (int)figures!["examples"]!);
                AssertMeans(answered, figures);
            }
        }
    }

    [Fact]
    public void The_same_run_again_reuses_the_index_and_so_does_its_effective_config()
    {
        Gim("job.json").Done();
        byte[] first = Predictions(Output);
        string figures = Figures(Output);

        GimRun second = Gim("job.json").Done();
        Assert.StartsWith("index reused", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(first, Predictions(Output));
        Assert.Equal(figures, Figures(Output));

        // Every value stands in it, absolute: it gives the same from any folder.
        string elsewhere = Directory.CreateDirectory(In("elsewhere")).FullName;
        GimProcess.Run(elsewhere, Path.Combine(Output, "config.json"), "--output", "again").Done();
        Assert.Equal(first, Predictions(Path.Combine(elsewhere, "again")));
        Assert.Equal(figures, Figures(Path.Combine(elsewhere, "again")));
        Assert.Contains("index reused", Log(Path.Combine(elsewhere, "again")), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_index_and_the_same_figures()
    {
        // Texts are cut into batches of a quarter of a million characters: it takes several to share them out.
        Write("ref.txt", Documents(seed: 3, count: 200, words: 800));
        Write("test.txt", Documents(seed: 4, count: 20, words: 200));
        GimWith("threads=1", "output=one").Done();
        GimWith("threads=2", "output=two").Done();

        Assert.Equal(Predictions(In("one")), Predictions(In("two")));
        Assert.Equal(Figures(In("one")), Figures(In("two")));
        string one = OnlyIndex(In("one", "cache")), two = OnlyIndex(In("two", "cache"));
        string[] names = [.. Directory.GetFiles(one).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(["gim.json", "metadata.0", "metaoff.0", "offset.0", "table.0", "tokenized.0", "unigram.0"], names);
        foreach (string name in names)
            Assert.True(File.ReadAllBytes(Path.Combine(one, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(two, name))), name);
    }

    private static void AssertMeans(Row[] rows, JsonNode figures)
    {
        Assert.NotEmpty(rows);
        Assert.Equal(rows.Average(row => row.Recall1), (double)figures["recall1"]!, 12);
        Assert.Equal(rows.Average(row => row.Recall1Equal), (double)figures["recall1Equal"]!, 12);
        Assert.Equal(rows.Average(row => row.Recall5), (double)figures["recall5"]!, 12);
        Assert.Equal(rows.Average(row => row.SuffixLength), (double)figures["meanEffectiveN"]!, 12);
    }

    private IEnumerable<byte[]> TextOf(string name)
        => File.ReadAllText(In(name)).Split("<|endoftext|>\n").Select(document => Encoding.UTF8.GetBytes(document.TrimEnd('\n')));

    /// <summary>How often each byte follows the query; 255 stands for the end of a document.</summary>
    private static int[] Followers(byte[][] documents, ReadOnlySpan<byte> query)
    {
        int[] counts = new int[256];
        foreach (byte[] document in documents)
        {
            for (int at = 0; at + query.Length <= document.Length; at++)
            {
                if (document.AsSpan(at, query.Length).SequenceEqual(query))
                    counts[at + query.Length < document.Length ? document[at + query.Length] : byte.MaxValue]++;
            }
        }
        return counts;
    }

    private Row[] Rows()
    {
        string[] lines = File.ReadAllText(Path.Combine(Output, "predictions.csv")).TrimEnd('\n').Split('\n');
        Assert.Equal(Header, lines[0]);
        return [.. lines[1..].Select(line => new Row(line.Split(',')))];
    }

    private sealed record Row(string[] Fields)
    {
        public string ModelName => Fields[0];

        public int Example => Whole(1);

        public int Document => Whole(2);

        public int Position => Whole(3);

        public int Target => Whole(4);

        public int Predicted => Whole(5);

        public int QueryCount => Whole(6);

        public double Probability => double.Parse(Fields[7], CultureInfo.InvariantCulture);

        public int Correct => Whole(8);

        public int SuffixLength => Whole(9);

        public int Sparse => Whole(10);

        public int Recall1 => Whole(11);

        public int Recall5 => Whole(12);

        public int Recall1Equal => Whole(13);

        public string Source => Fields[14];

        private int Whole(int field) => int.Parse(Fields[field], CultureInfo.InvariantCulture);
    }
}

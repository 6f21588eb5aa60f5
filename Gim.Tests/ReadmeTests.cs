using System.Text.RegularExpressions;
using Gim.Config;
using Gim.Evaluate;
using Gim.Explain;
using Gim.Kernels.Devices;
using Gim.Predict;
using Gim.Report;

namespace Gim.Tests;

/// <summary>What README.md says exists.</summary>
public partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("README.md"));

    [GeneratedRegex(@"(?:configs|Gim[.A-Za-z]*)/[\w./-]+\.\w+")]
    private static partial Regex FileNames();

    [GeneratedRegex(@"^\| ((?:`\w+`(?:, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex TableKeys();

    [Fact]
    public void Files_that_are_named_exist()
    {
        string[] names = [.. FileNames().Matches(Text).Select(match => match.Value).Distinct()];
        Assert.Contains("configs/lm.json", names);
        Assert.All(names, name => Assert.True(File.Exists(Repository.PathOf(name)), name));
    }

    [Fact]
    public void Keys_in_the_tables_are_keys_or_kinds_of_the_schema()
    {
        string schema = ConfigSchema.Generate();
        string[] keys = [.. TableKeys().Matches(Text).SelectMany(match => match.Groups[1].Value.Split(", ")).Select(key => key.Trim('`'))];
        Assert.Contains("crossDocuments", keys);
        Assert.All(keys, key => Assert.Contains($"\"{key}\"", schema, StringComparison.Ordinal));
    }

    [Fact]
    public void The_code_runs_and_gives_what_it_says()
    {
        using Device device = DeviceCatalog.Open("auto");
        using DeviceBuffer<float> a = device.Upload([1f, 2, 3, 4]), b = device.Upload([5f, 6, 7, 8]), c = device.AllocateFloats(4);
        device.Multiply(a, b, new ProductShape(2, 2, 2), c);
        float[] product = c.ToArray(); // 19, 22, 43, 50
        Assert.Equal([19f, 22, 43, 50], product);
        AssertSameAsHere("DeviceCatalog", 4);
    }

    [Fact]
    public void The_library_opens_predicts_and_explains()
    {
        // The README's file from here, with a cache of the test's own.
        using var folder = new TemporaryFolder();
        string config = Repository.PathOf("configs/lm.json");
        string[] overrides = [$"cache={folder.Path}"];
        using GimModel model = GimModel.Open(config, overrides);
        int[] tokens = model.Tokenizer.Encode("Returns the number of elements in the");
        NextTokens next = model.PredictNext(tokens);
        Explanation why = model.Explain(tokens);
        string answer = model.Tokenizer.Decode([next.Best]), document = why.Quotes[0].Document!.Name;
        AssertSameAsHere("GimModel", 5);
        Assert.Equal(next.Best, why.Prediction.Best);
        Assert.Equal(answer, model.Tokenizer.Decode([why.Quotes[0].NextToken]));
        Assert.StartsWith("System.", document, StringComparison.Ordinal);
    }

    /// <summary>The README's code that holds a word is, line by line, code that these tests run.</summary>
    private static void AssertSameAsHere(string word, int count)
    {
        string own = File.ReadAllText(Repository.PathOf("Gim.Tests/ReadmeTests.cs"));
        string code = Text.Replace("\"configs/lm.json\"", "config, overrides", StringComparison.Ordinal).Split("```csharp").Skip(1).Select(part => part.Split("```")[0]).Single(part => part.Contains(word, StringComparison.Ordinal));
        string[] lines = [.. code.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.Contains(line, own, StringComparison.Ordinal));
    }

    [Fact]
    public void The_columns_of_the_threshold_are_the_files()
        => Assert.Contains(string.Join(", ", ThresholdReport.Columns), Text, StringComparison.Ordinal);

    [Fact]
    public void The_columns_of_scores_and_evidence_are_the_files()
    {
        Assert.Contains($"`{string.Join(", ", ScoresFile.Columns)}`", Text, StringComparison.Ordinal);
        Assert.Contains($"`{string.Join(", ", EvidenceFile.Columns)}`", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_of_predictions_are_the_files()
    {
        using var folder = new TemporaryFolder();
        using (PredictionsFile file = PredictionsFile.Open(folder.Path, "key", ["m"]))
            file.Commit();
        string header = File.ReadLines(folder["predictions.csv"]).First().Replace(",", ", ", StringComparison.Ordinal);
        Assert.Contains(header, Text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}

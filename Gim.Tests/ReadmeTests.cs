using System.Text.RegularExpressions;
using Gim.Config;
using Gim.Evaluate;
using Gim.Kernels.Devices;
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
        string own = File.ReadAllText(Repository.PathOf("Gim.Tests/ReadmeTests.cs"));
        string[] lines = [.. Text.Split("```csharp")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.Equal(4, lines.Length);
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

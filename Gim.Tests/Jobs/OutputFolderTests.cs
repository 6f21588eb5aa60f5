namespace Gim.Tests.Jobs;

/// <summary>The run's folder: where it cannot be, and whose results stand in it.</summary>
[Collection(ProcessTests.Name)]
public sealed class OutputFolderTests : JobTestBase
{
    [Theory]
    [InlineData("output=ref.txt/run", "cannot make the folder", "--output")]
    [InlineData("output=ref.txt", "cannot make the folder", "--output")]
    [InlineData("cache=ref.txt", "cannot make the folder", "ref.txt")]
    public void A_folder_below_a_file_is_refused(string set, string message, string place) => AssertRefused(GimWith(set), message, place);

    [Theory]
    [InlineData("log.txt")]
    [InlineData("config.json")]
    public void A_folder_where_a_file_should_be_is_refused(string name)
    {
        Directory.CreateDirectory(Path.Combine(Output, name));
        AssertRefused(Gim("job.json"), $"{name}: ", "--output");
    }

    [Theory]
    [InlineData("summary.json")]
    [InlineData("predictions.csv")]
    public void A_folder_in_place_of_results_is_refused_before_predicting(string name)
    {
        Directory.CreateDirectory(Path.Combine(Output, name));
        AssertRefused(Gim("job.json"), $"{name}: ", "--output");
        Assert.DoesNotContain("predicting", Log(Output), StringComparison.Ordinal);
    }

    [Fact]
    public void The_config_that_a_run_reads_is_not_written_over()
    {
        Write("config.json", Job);
        AssertRefused(Gim("config.json", "--output", "."), "config.json", "--output");
        Assert.Equal(Job, File.ReadAllText(In("config.json")));

        // The effective config that a run wrote may be run in its place: it stays as it is.
        Gim("job.json").Done();
        byte[] first = Predictions(Output), config = File.ReadAllBytes(Path.Combine(Output, "config.json"));
        Gim(Path.Combine(Output, "config.json"), "--output", Output).Done();
        Assert.Equal(first, Predictions(Output));
        Assert.Equal(config, File.ReadAllBytes(Path.Combine(Output, "config.json")));
    }

    [Fact]
    public void A_refused_run_leaves_the_results_and_the_config_of_an_earlier_one()
    {
        Gim("job.json").Done();
        string[] names = ["config.json", "summary.json", "predictions.csv"];
        byte[][] before = [.. names.Select(name => File.ReadAllBytes(Path.Combine(Output, name)))];

        Assert.Equal(2, GimWith("context=100000").ExitCode);
        Assert.Equal(before, names.Select(name => File.ReadAllBytes(Path.Combine(Output, name))));
        Assert.Contains("stopped: no examples", Log(Output), StringComparison.Ordinal);

        GimWith("context=20").Done();
        Assert.Equal(20, (int)ReadJson(Path.Combine(Output, "config.json"))["context"]!);
        Assert.NotEqual(before[2], Predictions(Output));
    }
}

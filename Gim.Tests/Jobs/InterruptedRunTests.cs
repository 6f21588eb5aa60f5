using System.Runtime.InteropServices;

namespace Gim.Tests.Jobs;

/// <summary>An interrupted run: what it leaves, and how the same command goes on from there.</summary>
[Collection(ProcessTests.Name)]
public sealed class InterruptedRunTests(UninterruptedRun whole) : JobTestBase, IClassFixture<UninterruptedRun>
{
    private string Partial => Path.Combine(Output, "predictions.unfinished.csv");

    [SignalTheory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public void A_stopped_run_saves_its_rows_and_goes_on_from_them(PosixSignal signal)
    {
        using (GimProcess gim = StartAndWait())
        {
            gim.Send(signal);
            GimRun stopped = gim.End();
            Assert.True(stopped.ExitCode == 130, stopped.ToString());
            Assert.Equal("", stopped.Output);
            Assert.DoesNotContain("error:", stopped.Error, StringComparison.Ordinal);
            Assert.Contains("run the same command to go on", stopped.ErrorLines[^1], StringComparison.Ordinal);
        }
        Assert.Equal(
            ["config.json", "log.txt", "predictions.unfinished.csv", "predictions.unfinished.key", "predictions.unfinished.top"],
            Directory.GetFileSystemEntries(Output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        byte[] saved = File.ReadAllBytes(Partial);
        Assert.Equal(Predictions(whole.Results)[..saved.Length], saved);
        AssertGoesOn(resumed: (saved.Count(b => b == '\n') - 1) / 2);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_whole_rows()
    {
        using (GimProcess gim = StartAndWait())
        {
            gim.Kill();
            gim.End();
        }
        // As a machine that loses its power may leave it: the last row cut, and an example of one model only.
        string[] rows = File.ReadAllText(Partial).Split('\n');
        File.WriteAllText(Partial, string.Join('\n', rows[..1002]) + "\ninduction-exact,500,0,13");
        AssertGoesOn(resumed: 500);
    }

    [Fact]
    public void A_changed_config_starts_again()
    {
        using (GimProcess gim = StartAndWait())
        {
            gim.Kill();
            gim.End();
        }
        GimRun run = whole.Run(Output, "--set", "seed=2", "--set", "examples=500").Done();
        Assert.DoesNotContain("going on after", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (int)Summary(Output)["resumedExamples"]!);
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public void A_folder_in_use_is_refused_and_the_run_in_it_is_not_disturbed()
    {
        using GimProcess gim = StartAndWait();
        GimRun second = whole.Run(Output);
        Assert.True(second.ExitCode == 2, second.ToString());
        Assert.StartsWith("error: cannot write", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("if another run is using the folder", second.Error, StringComparison.Ordinal);

        gim.End().Done();
        Assert.Equal(Predictions(whole.Results), Predictions(Output));
    }

    private GimProcess StartAndWait()
    {
        GimProcess gim = whole.Start(Output);
        // Some batches of rows: the run is in the middle of predicting.
        gim.WaitUntil("rows are saved", () => new FileInfo(Partial) is { Exists: true, Length: > 100_000 });
        return gim;
    }

    private void AssertGoesOn(int resumed)
    {
        GimRun run = whole.Run(Output).Done();
        Assert.Contains($"going on after {resumed:N0} of ", run.Error, StringComparison.Ordinal);
        Assert.Equal(Predictions(whole.Results), Predictions(Output));
        Assert.Equal(Figures(whole.Results), Figures(Output));
        Assert.Equal(resumed, (int)Summary(Output)["resumedExamples"]!);
        Assert.Equal(
            ["accuracy-by-n.svg", "calibration.svg", "config.json", "log.txt", "predictions.csv", "report.html", "sources.svg", "summary.json"],
            Directory.GetFileSystemEntries(Output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}

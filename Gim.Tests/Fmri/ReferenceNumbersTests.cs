using Gim.Config;
using Gim.Jobs;
using Gim.Progress;
using Gim.Report;

namespace Gim.Tests.Fmri;

/// <summary>Real recordings score what another implementation scored on them.</summary>
public sealed class ReferenceNumbersTests
{
    private const string Config = """
        {
          "task": "fmri",
          "device": "cpu",
          "dataset": {"kind": "ds003020", "path": "DATA"},
          "features": ["labels"],
          "compare": [{"features": ["word-rate"]}],
          "matches": [{"kind": "in-story"}, {"kind": "contrast"}, {"kind": "cross-story"}],
          "wrongTexts": 1, "gaps": [1, 2], "permutations": 0, "bootstrapSamples": 1, "evidence": 0, "timeCourses": 0
        }
        """;

    [SharedDataTheory]
    [InlineData("UTS01", 32_087, 0.0441, 0.1003, 0.246, 0.1281, 0.1910, 0.2877, 0.1146, 0.1035, 0.0995, 0.0992, 0.0994)]
    [InlineData("UTS03", 33_876, 0.0671, 0.1861, 0.351, 0.2175, 0.2777, 0.4603, 0.2234, 0.1855, 0.1868, 0.1853, 0.1834)]
    public void A_run_scores_what_was_scored_elsewhere(
        string subject, int rows, double wordRate, double labels, double labelsTop10, double position, double past, double gap1, double gap2, double gap5, double contrast,
        double wrongText, double crossStory)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fmri.json");
        File.WriteAllText(path, Config.Replace("DATA", SharedData.Path("ds003020-pc").Replace("\\", "/", StringComparison.Ordinal), StringComparison.Ordinal));
        LoadedConfig loaded = ConfigReader.Read(path, [$"subject={subject}"], null, Path.Combine(folder.Path, "run"));
        using var run = RunFolder.Open(loaded.Config.OutputFolder);
        FmriSummary summary = FmriJob.Run((FmriConfig)loaded.Config, loaded.EffectiveJson, run, SilentLog.Instance, default);

        Assert.Equal((rows, 910, 200), (summary.Training.Trs, summary.Test.Trs, summary.Targets));
        Require("word rate", wordRate, 0.003);
        Require("labels", labels, 0.002);
        Assert.Equal(labelsTop10, summary.FeatureSets[0].MeanRTop10, 0.002);
        Require("labels + position in the story", position, 0.002);
        Require("labels + response 5 TRs back", past, 0.002);
        Require("labels + in-story top 1 at gap 1", gap1, 0.004);
        Require("labels + in-story top 1 at gap 2", gap2, 0.004);
        Require("labels + in-story top 1 at gap 5", gap5, 0.004);
        Require("labels + contrast top 20 at gap 5", contrast, 0.003);
        Require("labels + contrast top 20 at gap 5 [wrong text 1]", wrongText, 0.003);
        Require("labels + cross-story match", crossStory, 0.003);

        void Require(string name, double expected, double tolerance)
            => Assert.Equal(expected, Assert.Single(summary.FeatureSets, set => set.Name == name).MeanR, tolerance);
    }
}

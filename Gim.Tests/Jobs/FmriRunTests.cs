using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Gim.Fmri;
using Gim.Tests.Fmri.Responses;

namespace Gim.Tests.Jobs;

/// <summary>The fmri task as a user runs it: what it leaves, how it goes on, and what it refuses.</summary>
[Collection(ProcessTests.Name)]
public sealed class FmriRunTests : JobTestBase
{
    private static readonly string[] Finished =
        ["config.json", "evidence.csv", "gaps.svg", "histogram.svg", "log.txt", "scores.csv", "scores.svg", "summary.json", "timecourses.svg"];

    public FmriRunTests()
    {
        FmriFolder.Write(In("data"));
        Write("fmri.json", FmriFolder.Config);
    }

    private string Run => In("runs", "fmri");

    private string[][] Scores() => [.. File.ReadLines(Path.Combine(Run, "scores.csv")).Select(line => line.Split(','))];

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static string WithoutTime(string run)
    {
        JsonObject summary = Summary(run);
        foreach (string key in (string[])["threads", "elapsedSeconds", "resumedSets"])
            summary.Remove(key);
        return summary.ToJsonString();
    }

    [Fact]
    public void A_run_leaves_scores_with_their_controls_evidence_and_pictures()
    {
        GimRun run = Gim("fmri.json").Done();
        Assert.Equal(Finished, Directory.GetFileSystemEntries(Run).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string word in (string[])["S1: Pearson's r", "labels", "in-story top 1 at gap 5", "wrong text", "6 stories of 240 TRs", "results in"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
        Assert.Contains(run.ErrorLines, line => line.Contains("the first of 2: S1, S2", StringComparison.Ordinal));

        JsonObject summary = Summary(Run);
        Assert.Equal(("fmri", "S1", "ds003020", 6), ((string?)summary["task"], (string?)summary["subject"], (string?)summary["dataset"], (int)summary["targets"]!));
        JsonNode[] sets = [.. summary["featureSets"]!.AsArray().Select(set => set!)];
        Assert.Equal("labels", (string?)sets[0]["name"]);
        Assert.Equal(12, (int)sets[0]["features"]!);
        // Half the variance is the labels'.
        Assert.InRange((double)sets[0]["meanR"]!, 0.4, 0.95);
        Assert.Equal(
            ["base", "blind", "blind", "blind", "match", "wrongText", "wrongText", "randomMatch", "match", "wrongText", "wrongText", "randomMatch", "gap", "gapWrongText"],
            sets.Select(set => (string?)set["role"]));
        Assert.Equal(12 + FmriFolder.Targets, (int)sets[4]["features"]!);
        foreach (JsonNode match in summary["matches"]!.AsArray()!)
        {
            double gain = (double)match["gain"]!["value"]!, control = (double)match["controlGain"]!["value"]!;
            Assert.Equal((double)match["meanR"]! - (double)match["baseR"]!, gain, 1e-9);
            Assert.Equal(match["wrongTexts"]!.AsArray().Average(r => (double)r!) - (double)match["baseR"]!, control, 1e-9);
            Assert.Equal(gain - control, (double)match["difference"]!["value"]!, 1e-9);
            Assert.True((double)match["difference"]!["low"]! <= (double)match["difference"]!["high"]!);
        }
        Assert.Equal([1, 5], summary["gaps"]!.AsArray().Select(gap => (int)gap!["gap"]!));

        string[][] scores = Scores();
        Assert.Equal(["subject", "feature_set", "target", "r", "p", "q", "alpha", "cv_r", "noise_ceiling", "normalized_r"], scores[0]);
        Assert.Equal(1 + sets.Length * FmriFolder.Targets, scores.Length);
        Assert.Equal((double)sets[0]["meanR"]!, scores.Where(row => row[1] == "labels").Average(row => Number(row[3])), 1e-6);
        Assert.All(scores.Skip(1), row => Assert.InRange(Number(row[4]), 1 / 51.0, 1));

        string[] evidence = File.ReadAllLines(Path.Combine(Run, "evidence.csv"));
        Assert.Equal("subject,match,story,tr,seconds,text,rank,weight,matched_story,matched_tr,matched_seconds,matched_text", evidence[0]);
        string[][] own = [.. evidence.Skip(1).Select(line => line.Split(',')).Where(row => row[2] is "y" or "z")];
        Assert.Contains(own, row => FmriFolder.Training.Contains(row[8]));
        // An in-story match lies at least five TRs back, in the same story.
        Assert.All(own.Where(row => row[2] == row[8]), row => Assert.True(int.Parse(row[3], CultureInfo.InvariantCulture) - int.Parse(row[9], CultureInfo.InvariantCulture) >= 5));
        foreach (string name in Finished.Where(name => name.EndsWith(".svg", StringComparison.Ordinal)))
            Assert.Equal("svg", System.Xml.Linq.XDocument.Load(Path.Combine(Run, name)).Root!.Name.LocalName);
    }

    [Fact]
    public void The_same_config_gives_the_same_scores_at_any_number_of_threads_and_memory()
    {
        Gim("fmri.json", "--set", "threads=1").Done();
        byte[] scores = File.ReadAllBytes(Path.Combine(Run, "scores.csv"));
        string summary = WithoutTime(Run);
        foreach (string threads in (string[])["2", "7"])
        {
            Gim("fmri.json", "--set", $"threads={threads}").Done();
            Assert.Equal(scores, File.ReadAllBytes(Path.Combine(Run, "scores.csv")));
            Assert.Equal(summary, WithoutTime(Run));
        }
    }

    [SignalTheory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public void A_stopped_run_keeps_its_finished_sets_and_goes_on(PosixSignal signal)
    {
        // Many permutations make sets last long enough to be stopped between two.
        string[] slow = ["fmri.json", "--set", "permutations=20000"];
        Gim(slow).Done();
        byte[] scores = File.ReadAllBytes(Path.Combine(Run, "scores.csv")), evidence = File.ReadAllBytes(Path.Combine(Run, "evidence.csv"));
        string summary = WithoutTime(Run);
        Directory.Delete(Run, recursive: true);
        string sets = Path.Combine(Run, "sets");
        using (GimProcess gim = GimProcess.Start(Folder, slow))
        {
            gim.WaitUntil("three sets are scored", () => File.Exists(Path.Combine(sets, "2.json")));
            gim.Send(signal);
            GimRun stopped = gim.End();
            Assert.True(stopped.ExitCode == 130, stopped.ToString());
            Assert.Contains("run the same command to go on", stopped.ErrorLines[^1], StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Path.Combine(Run, "summary.json")));
        Gim(slow).Done();
        Assert.True((int)Summary(Run)["resumedSets"]! >= 3);
        Assert.False(Directory.Exists(sets));
        Assert.Equal(scores, File.ReadAllBytes(Path.Combine(Run, "scores.csv")));
        Assert.Equal(evidence, File.ReadAllBytes(Path.Combine(Run, "evidence.csv")));
        Assert.Equal(summary, WithoutTime(Run));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sets_of_other_settings_or_data_are_not_taken(bool sameData)
    {
        string[] slow = ["fmri.json", "--set", "permutations=20000"], again = sameData ? [.. slow, "--set", "seed=3"] : slow;
        using (GimProcess gim = GimProcess.Start(Folder, slow))
        {
            gim.WaitUntil("three sets are scored", () => File.Exists(Path.Combine(Run, "sets", "2.json")));
            gim.Kill();
            gim.End();
        }
        if (!sameData) TestResponses.WriteHdf<float>(FmriFolder.Response(In("data"), "S1", "a"), FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 77), "contiguous", []);
        Gim(again).Done();
        Assert.Equal(0, (int)Summary(Run)["resumedSets"]!);
        byte[] scores = File.ReadAllBytes(Path.Combine(Run, "scores.csv"));
        Gim(again).Done();
        Assert.Equal(0, (int)Summary(Run)["resumedSets"]!);
        Assert.Equal(scores, File.ReadAllBytes(Path.Combine(Run, "scores.csv")));
    }

    [Fact]
    public void All_features_keys_and_settings_can_be_asked_for()
    {
        Gim(
            "fmri.json",
            "--set", """features=["word-rate","labels","co-occurrence"]""",
            "--set", """compare=[{"features":["position"]},{"features":["similarity"]}]""",
            "--set", """matches=[{"kind":"in-story","key":"words"},{"kind":"cross-story","key":"words"},{"kind":"contrast","key":"similarity"},{"kind":"in-story","key":"features","nearest":0},{"kind":"in-story","key":"random"},{"kind":"cross-story","keyFeatures":["labels"],"features":["word-rate"],"name":"mine"}]""",
            "--set", "wrongTexts=1", "--set", "cooccurrence.contexts=8", "--set", "cooccurrence.components=4",
            "--set", "ridge.banded=3", "--set", "ridge.penalties=[1,100]", "--set", "delays=[1,2]", "--set", "subject=S2", "--set", "weights=true",
            "--set", "downsampling=bins", "--set", "components=3", "--set", "delaysAcrossStories=true").Done();
        JsonObject summary = Summary(Run);
        Assert.Equal(("S2", 3, true), ((string?)summary["subject"], (int)summary["targets"]!, (bool)summary["areComponents"]!));
        string[] names = [.. summary["featureSets"]!.AsArray().Select(set => (string)set!["name"]!)];
        Assert.Equal("word rate + labels + co-occurrence", names[0]);
        Assert.Contains("word rate + mine", names);
        Assert.Contains("position", names);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(summary["featureSets"]!.AsArray(), set => Assert.InRange((double)set!["meanR"]!, -0.6, 0.6));
        string[] weights = [.. Directory.GetFiles(Path.Combine(Run, "weights")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(names.Length, weights.Length);
        Assert.Equal("00-word-rate-labels-co-occurrence.npy", weights[0]);
        // Weights of an earlier run do not stay beside other results.
        Gim("fmri.json", "--set", "matches=[]").Done();
        Assert.Empty(Directory.GetFiles(Path.Combine(Run, "weights")));
    }

    [Fact]
    public void Weights_predict_what_was_scored()
    {
        Gim("fmri.json", "--set", "weights=true", "--set", "matches=[]").Done();
        byte[] file = File.ReadAllBytes(Path.Combine(Run, "weights", "00-labels.npy"));
        int start = 10 + BitConverter.ToUInt16(file, 8);
        Assert.Equal(0, start % 64);
        Assert.Contains("'shape': (12, 6)", System.Text.Encoding.ASCII.GetString(file, 10, start - 10), StringComparison.Ordinal);
        float[] weights = MemoryMarshal.Cast<byte, float>(file.AsSpan(start)).ToArray();
        Assert.Equal(12 * FmriFolder.Targets, weights.Length);
        // The response answers two TRs later: the second delay's three labels weigh most.
        double[] sizes = new double[4];
        for (int i = 0; i < weights.Length; i++)
            sizes[i % 12 / 3] += Math.Abs(weights[i]);
        Assert.True(sizes[1] > 2 * sizes[0] && sizes[1] > 2 * sizes[2] && sizes[1] > 2 * sizes[3], string.Join(" ", sizes));
    }

    [Fact]
    public void Damaged_data_is_refused_with_the_file_and_leaves_an_earlier_result_alone()
    {
        string data = In("data");
        Refused(() => File.WriteAllBytes(FmriFolder.Response(data, "S1", "c"), File.ReadAllBytes(FmriFolder.Response(data, "S1", "c"))[..900]), "S1", "c.hf5");
        Refused(() => Cut(Path.Combine(data, "derivative", "TextGrids", "b.TextGrid")), "b.TextGrid", "line");
        Refused(() => Replace(Path.Combine(data, "derivative", "respdict.json"), "\"d\"", "\"dd\""), "respdict.json", "'d'");
        Refused(() => TestResponses.WriteHdf<float>(FmriFolder.Response(data, "S1", "e"), FmriFolder.Normal(FmriFolder.Kept, 5, 1), "contiguous", []), "S1", "'e'", "5 targets", "has 6");
        Refused(() => TestResponses.WriteHdf<float>(FmriFolder.Response(data, "S1", "e"), FmriFolder.Normal(FmriFolder.Kept - 1, 6, 1), "contiguous", []), "39 TRs where 40", "respdict.json");
        Refused(() => TestResponses.WriteHdf<float>(FmriFolder.Response(data, "S1", "e"), WithNaN(), "contiguous", []), "target 2", "not finite in any", "invalidTargets");
        Refused(() => File.Delete(FmriFolder.Response(data, "S1", "z")), "test story 'z'");
        Refused(() => File.Delete(Path.Combine(data, "labels", "f.csv")), "'f' has no labels");
        Refused(() => Replace(Path.Combine(data, "labels", "f.csv"), "person", "people"), "f.csv", "people");
        Refused(() => Replace(Path.Combine(data, "labels", "f.csv"), "person", ""), "f.csv line 1", "column 2 has no name");
        Refused(() => File.WriteAllText(Path.Combine(data, "labels", "f.csv"), "place,person,number\n1,\"0,5\",2\n"), "f.csv line 2", "0,5");

        void Refused(Action damage, params string[] words)
        {
            FmriFolder.Write(data);
            damage();
            AssertRefused(Gim("fmri.json"), words);
        }

        static void Cut(string path)
        {
            string text = File.ReadAllText(path);
            File.WriteAllText(path, text[..(text.Length / 2)]);
        }

        static void Replace(string path, string old, string by) => File.WriteAllText(path, File.ReadAllText(path).Replace(old, by, StringComparison.Ordinal));

        static Matrix WithNaN()
        {
            Matrix values = FmriFolder.Normal(FmriFolder.Kept, 6, 1);
            for (int row = 0; row < values.Rows; row++)
                values[row, 2] = float.NaN;
            return values;
        }
    }

    [Fact]
    public void Responses_that_are_not_centred_bring_a_warning()
    {
        foreach (string story in (string[])[.. FmriFolder.Training, .. FmriFolder.Test])
        {
            Matrix values = FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 5);
            foreach (ref float value in values.Values.AsSpan())
                value += 1000;
            TestResponses.WriteHdf<float>(FmriFolder.Response(In("data"), "S1", story), values, "contiguous", []);
        }
        bool Warned(params string[] more) => Gim(["fmri.json", "--set", "matches=[]", .. more]).Done().ErrorLines.Any(line => line.StartsWith("warning", StringComparison.Ordinal) && line.Contains("ridge.intercept", StringComparison.Ordinal));
        Assert.True(Warned());
        Assert.False(Warned("--set", "ridge.intercept=true"));
    }

    [Fact]
    public void A_target_that_is_not_finite_can_be_left_out()
    {
        Matrix values = FmriFolder.Normal(FmriFolder.Kept, 6, 1);
        values[7, 2] = float.PositiveInfinity;
        TestResponses.WriteHdf<float>(FmriFolder.Response(In("data"), "S1", "e"), values, "contiguous", []);
        GimRun run = Gim("fmri.json", "--set", "invalidTargets=exclude").Done();
        Assert.Contains(run.ErrorLines, line => line.StartsWith("warning", StringComparison.Ordinal) && line.Contains("left out 1 of targets", StringComparison.Ordinal));
        Assert.Equal(["0", "1", "3", "4", "5"], Scores().Where(row => row[1] == "labels").Select(row => row[2]));
    }

    [Theory]
    [InlineData("subject=S3", "no subject 'S3'")]
    [InlineData("""features=["eng1000"]""", "'eng1000' needs", "\"eng1000\"")]
    [InlineData("eng1000=nowhere.hf5", "nowhere.hf5", "features=[\"eng1000\"]")]
    [InlineData("""matches=[{"kind":"contrast","key":"words"}]""", "'contrast'", "'words'")]
    [InlineData("""matches=[{"kind":"in-story","key":"words","decay":0.5}]""", "\"decay\"", "'words'")]
    [InlineData("""matches=[{"kind":"in-story","key":"words","nearest":3}]""", "\"nearest\"", "'words'")]
    [InlineData("""matches=[{"kind":"cross-story","key":"random","keyFeatures":["labels"]}]""", "\"keyFeatures\"", "'random'")]
    [InlineData("""matches=[{"kind":"in-story"},{"kind":"in-story"}]""", "two sets", "\"name\"")]
    [InlineData("""matches=[{"kind":"in-story","name":"position in the story"}]""", "two sets", "\"name\"")]
    [InlineData("""matches=[{"kind":"cross-story","name":"mine","keyFeatures":["eng1000"]}]""", "'eng1000' needs")]
    [InlineData("matches=null", "'matches' must be a list")]
    [InlineData("delays=[1,1]", "has 1 twice")]
    [InlineData("delays=[1,40]", "40 TRs", "the longest story has 40")]
    [InlineData("gaps=[40]", "\"gaps\" has 40")]
    [InlineData("matches.0.gap=40", "\"gap\" 40")]
    [InlineData("permutations=100000", "")]
    [InlineData("dataset.path=nowhere", "nowhere", "TextGrids")]
    [InlineData("""dataset.test=["q"]""", "'q'")]
    [InlineData("ridge.folds=chunks", "240 rows make 6 chunks of 40")]
    [InlineData("memory=0.1", "")]
    [InlineData("similarityModel=nowhere.safetensors", "nowhere.safetensors", "features=[\"similarity\"]")]
    public void A_value_that_cannot_be_used_is_named(string set, params string[] words)
    {
        string[] more = [.. words.Where(word => word.StartsWith("features=", StringComparison.Ordinal)).SelectMany(word => (string[])["--set", word])];
        GimRun run = Gim(["fmri.json", "--set", set, .. more]);
        // A tenth of a GB is enough for so little.
        if (words is [""]) run.Done();
        else AssertRefused(run, words.Where(word => !word.StartsWith("features=", StringComparison.Ordinal)));
    }
}

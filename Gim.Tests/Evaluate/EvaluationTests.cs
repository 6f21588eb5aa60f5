using Gim.Evaluate;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Tests.Index;
using Gim.Text.Sources;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Evaluate;

public class EvaluationTests
{
    [Fact]
    public void Scores_are_what_the_distribution_says()
    {
        var match = new MatchResult();
        match.Next.Add(3, 2);
        match.Next.Add(5, 2);
        match.Next.Add(7, 1);
        NextTokens prediction = NextTokens.FromCounts(match, 10);
        var example = new Example(1, 2, 3);
        PredictionScore first = PredictionScore.Of("m", 0, example, 3, prediction);
        Assert.Equal((3, true, true, true, 0.4), (first.Predicted, first.Recall1, first.Recall1Equal, first.Recall5, first.TokenProb));
        PredictionScore tied = PredictionScore.Of("m", 0, example, 5, prediction);
        Assert.Equal((3, false, true, true), (tied.Predicted, tied.Recall1, tied.Recall1Equal, tied.Recall5));
        PredictionScore third = PredictionScore.Of("m", 0, example, 7, prediction);
        Assert.Equal((false, false, true), (third.Recall1, third.Recall1Equal, third.Recall5));
        // Only three tokens have any probability, so the first of the others stands fifth: it is no hit all the same.
        PredictionScore unlisted = PredictionScore.Of("m", 0, example, 0, prediction);
        Assert.Equal((false, false, false, 0.0), (unlisted.Recall1, unlisted.Recall1Equal, unlisted.Recall5, unlisted.TokenProb));
    }

    [Fact]
    public void A_flat_distribution_is_never_right_by_sharing_the_maximum()
    {
        PredictionScore flat = PredictionScore.Of("m", 0, default, 4, NextTokens.FromCounts(new MatchResult(), 10));
        Assert.Equal((0, false, false), (flat.Predicted, flat.Recall1, flat.Recall1Equal));
        Assert.Equal(0.1, flat.TokenProb);
    }

    [Fact]
    public void Sums_are_means_of_the_rows()
    {
        var sum = new ModelScoreSum("m", 10, 0.1);
        sum.Add(Row(0.5, true, "infinigram", 4));
        sum.Add(Row(0, false, "exact-induction", 0));
        sum.Add(Row(0.25, false, "infinigram", 2));
        ModelScore score = sum.Score(0);
        Assert.Equal(1 / 3.0, score.Recall1, 12);
        Assert.Equal(0.25, score.MeanTargetProbability, 12);
        Assert.Equal(2, score.MeanEffectiveN, 12);
        double expected = Math.Exp(-(Math.Log(0.9 * 0.5 + 0.01) + Math.Log(0.01) + Math.Log(0.9 * 0.25 + 0.01)) / 3);
        Assert.Equal(expected, score.Perplexity!.Value, 9);
        Assert.Equal((2, 0.5, 3.0), (score.BySource["infinigram"].Examples, score.BySource["infinigram"].Recall1, score.BySource["infinigram"].MeanEffectiveN));
    }

    [Fact]
    public void The_number_of_threads_changes_no_row()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(42);
        using var index = TestCorpus.Random(random, 20, 10, 2000).Build(folder.Path);
        TestText text = TestText.From([[.. Enumerable.Range(0, 3000).Select(_ => random.Next(20))]]);
        ExampleSet examples = ExampleSet.Draw(text, 64, 3, 1, false, 0, 1);
        INextTokenPredictor[] predictors =
            [new CorpusPredictor("infini-gram", new CorpusMatch([index], 500), 21), new ExactInductionPredictor("induction-exact", 21)];
        List<PredictionScore> Run(int threads)
        {
            var rows = new List<PredictionScore>();
            new LanguageModelEvaluation(text, examples, predictors, 64).Run(
                0, threads, rows.AddRange, SilentLog.Instance.Start("", 0, ""), CancellationToken.None);
            return rows;
        }
        List<PredictionScore> one = Run(1);
        Assert.Equal(2 * examples.Count, one.Count);
        Assert.Equal(one, Run(2));
        Assert.Equal(one, Run(7));
    }

    /// <summary>
    /// What an independent implementation measured on the same texts: 4,608 examples, standard error .006. All of the
    /// text is taken here, so only the other side's error and its choice of examples remain.
    /// </summary>
    [SharedDataTheory]
    [InlineData("stories_*.txt", false, .744, .151, .131)]
    [InlineData("wikitext2_raw_test_detok.txt", true, .670, .177, .162)]
    public void Exact_induction_is_as_accurate_as_an_independent_implementation_found(
        string file, bool crossDocuments, double targetInContext, double recall1Equal, double recall1)
    {
        TestText text = TestText.Read(
            new TextFileSource(SharedData.Path("text", "eval", file)), new Gpt2Tokenizer(), 2, SilentLog.Instance, CancellationToken.None);
        ExampleSet examples = ExampleSet.Draw(text, 1024, 48, 48, crossDocuments, 0, 1);
        var sum = new ModelScoreSum("induction-exact", 50257, null);
        new LanguageModelEvaluation(text, examples, [new ExactInductionPredictor("induction-exact", 50257)], 1024).Run(
            0, 2, rows => Array.ForEach(rows, row => sum.Add(row)), SilentLog.Instance.Start("", 0, ""), CancellationToken.None);
        ModelScore score = sum.Score(0);
        int found = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            int target = (int)examples[i].Position;
            found += text.Tokens.Span.Slice(target - 1024, 1024).Contains(text.Tokens.Span[target]) ? 1 : 0;
        }
        const double Tolerance = 2 * .006;
        Assert.InRange((double)found / examples.Count, targetInContext - Tolerance, targetInContext + Tolerance);
        Assert.InRange(score.Recall1Equal, recall1Equal - Tolerance, recall1Equal + Tolerance);
        Assert.InRange(score.Recall1, recall1 - Tolerance, recall1 + Tolerance);
    }

    private static PredictionScore Row(double probability, bool right, string source, int n)
        => new("m", 0, 0, 0, 1, 1, 1, probability, n, false, right, right, right, source);
}

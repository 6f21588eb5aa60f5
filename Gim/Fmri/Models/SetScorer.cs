using Gim.Fmri.Ridge;
using Gim.Fmri.Scores;
using Gim.Kernels.Devices;

namespace Gim.Fmri.Models;

/// <summary>How sets are fitted and scored.</summary>
internal sealed record ScoringSettings
{
    public RidgeSettings Ridge { get; init; } = new();

    /// <summary>Mixtures of kinds of features that banded ridge tries; 0: one penalty for all features.</summary>
    public int Mixtures { get; init; }

    public int Permutations { get; init; } = 1000;

    public int Samples { get; init; } = 1000;

    /// <summary>TRs that permutations and samples keep together.</summary>
    public int BlockRows { get; init; } = 10;

    public int Seed { get; init; } = 1;
}

/// <summary>Fits sets of features to a recording's training rows and scores them on its test rows, some targets at a time.</summary>
/// <param name="folds">What penalties are chosen by.</param>
internal sealed class SetScorer(Device device, int threads, Recording recording, RowFolds folds, ScoringSettings settings)
{
    private readonly RowRange[] blocks = RowRange.Blocks(recording.Test, settings.BlockRows);

    /// <summary>Refuses sets of more features than the memory suffices for.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public void RequireMemory(int features)
        => RidgePlan.Make(
            recording.TrainingRows, features, recording.Targets.Count, folds, settings.Ridge.Penalties.Count, settings.Ridge.MemoryBytes, predicted: recording.TestRows);

    /// <summary>Fits and scores a set.</summary>
    /// <param name="set">What it is; its scores are filled in.</param>
    /// <param name="features">[all rows, features]</param>
    /// <param name="groups">[features], the kind of each, for banded ridge.</param>
    /// <param name="courses">Keeps the predictions of a few targets.</param>
    /// <param name="takeWeights">Is given the weights of successive targets.</param>
    /// <exception cref="InputException">A feature is not finite, a file is damaged, or the memory does not suffice.</exception>
    public SetScores Score(
        PlannedSet set, Matrix features, int[] groups, CourseKeeper courses, Action<RidgeModel>? takeWeights, CancellationToken cancellation)
    {
        int targets = recording.Targets.Count;
        var scores = new SetScores
        {
            Name = set.Name,
            Role = set.Role,
            Base = set.Base,
            Match = set.Match,
            Gap = set.Gap,
            Features = features.Columns,
            Correlations = new float[targets],
            PValues = new double[settings.Permutations > 0 ? targets : 0],
            Penalties = new double[targets],
            FoldCorrelations = new double[targets],
            Samples = new double[settings.Samples],
            Courses = [],
        };
        Matrix training = recording.TrainingPart(features), test = recording.TestPart(features);
        Action<RidgeModel> take = model =>
        {
            takeWeights?.Invoke(model);
            Add(scores, model, test, courses, cancellation);
        };
        if (settings.Mixtures > 0 && groups.Distinct().Skip(1).Any())
        {
            var search = new BandedSettings { Candidates = settings.Mixtures, Seed = settings.Seed };
            double[][] penalties = [.. groups.Distinct().Select(_ => new double[targets])];
            new BandedRidge(device, threads, settings.Ridge, search).Fit(training, groups, recording.Targets.Training, folds, block =>
            {
                for (int group = 0; group < penalties.Length; group++)
                    block.Penalties[group].CopyTo(penalties[group], block.Model.FirstTarget);
                take(block.Model);
            }, cancellation);
            scores = scores with { GroupPenalties = penalties };
        }
        else
        {
            new RidgeRegression(device, threads, settings.Ridge).Fit(training, recording.Targets.Training, folds, take, cancellation);
        }
        for (int i = 0; i < scores.Samples.Length; i++)
            scores.Samples[i] /= targets;
        return scores with { Courses = courses.Courses };
    }

    /// <summary>Scores the model of some targets.</summary>
    private void Add(SetScores scores, RidgeModel model, Matrix test, CourseKeeper courses, CancellationToken cancellation)
    {
        int first = model.FirstTarget, count = model.Weights.Columns;
        Matrix predicted = model.Predict(device, test), measured = new(recording.TestRows, count);
        recording.Targets.Test.Read(first, measured);
        float[] correlations = TestCorrelations.Of(device, predicted, measured);
        correlations.CopyTo(scores.Correlations, first);
        courses.Add(first, predicted, correlations);
        model.Penalties.CopyTo(scores.Penalties, first);
        model.FoldCorrelations.CopyTo(scores.FoldCorrelations, first);
        if (scores.PValues.Length > 0)
            BlockPermutation.PValues(predicted, measured, blocks, settings.Permutations, settings.Seed, threads, cancellation).CopyTo(scores.PValues, first);
        PairedBootstrap drawn = PairedBootstrap.Draw(measured, [predicted], blocks, settings.Samples, settings.Seed, threads, cancellation);
        for (int i = 0; i < scores.Samples.Length; i++)
            scores.Samples[i] += drawn.Sample(i)[0] * count;
    }
}

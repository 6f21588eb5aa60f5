using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Models;
using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;
using Gim.Fmri.Simulation;
using Gim.Progress;

namespace Gim.Jobs;

/// <summary>What the keys of an fmri config ask the stages for.</summary>
internal static class FmriData
{
    /// <exception cref="InputException">The data set's folder is not laid out as its kind says.</exception>
    public static IStoryData Open(DatasetConfig config, int seed, int threads, CancellationToken cancellation) => config switch
    {
        SimulatedDatasetConfig simulated => SimulatedListener.Create(
            new SimulationSettings
            {
                Seed = seed,
                TrainingStories = simulated.TrainingStories,
                TestStories = simulated.TestStories,
                Trs = simulated.Trs,
                Targets = simulated.Targets,
                FeatureShare = simulated.FeatureShare,
                InductionShare = simulated.InductionShare,
            },
            threads,
            cancellation),
        Ds003020DatasetConfig real => Ds003020.Open(real.Path, real.Test),
        PlainDatasetConfig plain => PlainStories.Open(plain.Path, plain.Tr, plain.Test),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.GetType().Name),
    };

    /// <summary>The subject of the config, or the first there is.</summary>
    public static string Subject(FmriConfig config, IStoryData data) => config.Subject ?? data.Subjects[0];

    public static RecordingSettings Recording(FmriConfig config) => new()
    {
        Invalid = config.InvalidTargets == FmriConfig.Exclude ? InvalidTargets.Exclude : InvalidTargets.Refuse,
        Components = config.Components,
        ValueColumns = config.MatchColumns,
        StoryFolds = config.Ridge.StoryFolds,
        MemoryBytes = Memory(config) / 2,
    };

    /// <param name="predictedRows">Rows that are predicted with each block of targets.</param>
    public static RidgeSettings Ridge(FmriConfig config, int predictedRows)
    {
        var settings = new RidgeSettings { Intercept = config.Ridge.Intercept, MemoryBytes = Memory(config) / 2, PredictedRows = predictedRows };
        return config.Ridge.Penalties is { } penalties ? settings with { Penalties = penalties } : settings;
    }

    public static ScoringSettings Scoring(FmriConfig config, Recording recording) => new()
    {
        Ridge = Ridge(config, recording.TestRows),
        Mixtures = config.Ridge.Banded,
        Permutations = config.Permutations,
        Samples = config.BootstrapSamples,
        BlockRows = config.BlockTrs,
        Seed = config.Seed,
    };

    /// <summary>Says what of the responses makes results of little worth.</summary>
    public static void WarnOfResponses(FmriConfig config, Recording recording, IJobLog log)
    {
        const int Looked = 256, FewTargets = 3;
        var some = new Matrix(recording.TrainingRows, Math.Min(Looked, recording.Targets.Count));
        recording.Targets.Training.Read(0, some);
        int far = 0;
        for (int target = 0; target < some.Columns; target++)
        {
            double mean = 0, squares = 0;
            for (int row = 0; row < some.Rows; row++)
            {
                mean += some[row, target] / (double)some.Rows;
                squares += (double)some[row, target] * some[row, target] / some.Rows;
            }
            if (mean * mean > (squares - mean * mean) / 4) far++;
        }
        if (!config.Ridge.Intercept && far > some.Columns / 2)
            log.Warn("most targets' mean is more than half a standard deviation away from 0, and the regression has no intercept; set \"ridge.intercept\" to true, or centre the responses");
        if (recording.Targets.Count < FewTargets && config.Matches.Any(match => match.Key == KeyNames.Prediction))
            log.Warn($"keys of predicted responses tell rows apart by their direction, and {recording.Targets.Count} {(recording.Targets.Count == 1 ? "target has" : "targets have")} few; match by another \"key\"");
    }

    /// <summary>Refuses more permutations than their orders of rows fit an array.</summary>
    /// <exception cref="InputException">There are too many.</exception>
    public static void CheckPermutations(FmriConfig config, Recording recording)
    {
        const long Most = 1 << 28;
        if ((1L + config.Permutations) * recording.TestRows > Most)
            throw new InputException($"\"permutations\" {config.Permutations:N0} of {recording.TestRows:N0} test TRs are too many; at most {Most / recording.TestRows - 1:N0} are possible");
    }

    /// <summary>What penalties are chosen by.</summary>
    /// <exception cref="InputException">There are too few stories or rows.</exception>
    public static RowFolds Folds(FmriConfig config, Recording recording) => config.Ridge.Folds == RidgeConfig.WholeStories
        ? recording.StoryFolds
        : RowFolds.OfChunks(recording.TrainingRows, config.Seed, config.Ridge.Draws, config.Ridge.Chunks, config.Ridge.ChunkTrs);

    public static Downsampling Downsampling(FmriConfig config)
        => config.Downsampling == FmriConfig.Bins ? Gim.Fmri.Features.Downsampling.Bins : Gim.Fmri.Features.Downsampling.Lanczos;

    private static long Memory(FmriConfig config) => (long)(config.Memory * 1e9);
}

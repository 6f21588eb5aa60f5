using System.Numerics.Tensors;
using Gim.Evaluate;

namespace Gim.Fmri.Simulation;

/// <summary>
/// The part of the responses that is no noise: what features and passages evoke in each target, through that target's own
/// haemodynamic response.
/// </summary>
internal sealed class SimulatedSignal
{
    private const double EarliestPeak = 4, LatestPeak = 7, LeastUndershoot = 0.1, MostUndershoot = 0.35;

    private readonly Matrix featureWeights, patternWeights, kernel;

    /// <param name="features">How many features there are.</param>
    /// <param name="seconds">From one TR to the next.</param>
    public SimulatedSignal(SimulationSettings settings, int features, double seconds)
    {
        featureWeights = Weights(RandomPart.Weights, features);
        patternWeights = Weights(RandomPart.PatternWeights, settings.PatternDimensions);
        var random = new SeededRandom(RandomPart.Haemodynamics.Seed(settings.Seed));
        Haemodynamics = new HaemodynamicResponse[settings.Targets];
        kernel = new Matrix((int)(HaemodynamicResponse.Lasts / seconds) + 1, settings.Targets);
        for (int target = 0; target < settings.Targets; target++)
        {
            Haemodynamics[target] = new HaemodynamicResponse(Between(EarliestPeak, LatestPeak), Between(LeastUndershoot, MostUndershoot));
            for (int lag = 0; lag < kernel.Rows; lag++)
                kernel[lag, target] = (float)Haemodynamics[target].At(lag * seconds);
        }

        Matrix Weights(RandomPart part, int inputs)
        {
            var weights = new Matrix(inputs, settings.Targets);
            new GaussianRandom(part.Seed(settings.Seed)).Fill(weights.Values, 1);
            return weights;
        }

        double Between(double least, double most) => least + (most - least) * random.Below(1 << 20) / (1 << 20);
    }

    /// <summary>Of each target.</summary>
    public HaemodynamicResponse[] Haemodynamics { get; }

    /// <param name="features">[TRs, features]</param>
    /// <returns>[TRs, targets]</returns>
    public Matrix OfFeatures(Matrix features) => Evoked(features, featureWeights);

    /// <param name="patterns">[TRs, pattern dimensions]</param>
    /// <returns>[TRs, targets]</returns>
    public Matrix OfPatterns(Matrix patterns) => Evoked(patterns, patternWeights);

    private Matrix Evoked(Matrix inputs, Matrix weights)
    {
        Matrix activity = new(inputs.Rows, weights.Columns), evoked = new(inputs.Rows, weights.Columns);
        for (int t = 0; t < inputs.Rows; t++)
        {
            for (int i = 0; i < inputs.Columns; i++)
                TensorPrimitives.MultiplyAdd(weights.Row(i), inputs[t, i], activity.Row(t), activity.Row(t));
            for (int lag = 0; lag < kernel.Rows && lag <= t; lag++)
                TensorPrimitives.MultiplyAdd(activity.Row(t - lag), kernel.Row(lag), evoked.Row(t), evoked.Row(t));
        }
        return evoked;
    }
}

using System.Diagnostics;

namespace Gim.Train;

/// <summary>Means over the steps since the last line of metrics.</summary>
internal sealed class RecentSteps
{
    public const string SetName = "train";

    private double loss, norm, rate, inverseTemperature;
    private int steps, withLoss;
    private long tokens, started = Stopwatch.GetTimestamp();

    public void Add(StepResult result, double learningRate, long tokensOfStep)
    {
        steps++;
        tokens += tokensOfStep;
        norm += result.GradientNorm;
        rate = learningRate;
        inverseTemperature = result.InverseTemperature;
        if (result.Answerable == 0) return;
        loss += result.Loss;
        withLoss++;
    }

    /// <summary>The line of metrics up to a step, from which the next one begins.</summary>
    public MetricsRow Take(int step, long tokensOfStep)
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var row = new MetricsRow(
            step, step * tokensOfStep, SetName, loss / withLoss, null, null, null, null, rate, norm / steps, inverseTemperature, tokens / Math.Max(seconds, 1e-9));
        loss = norm = 0;
        steps = withLoss = 0;
        tokens = 0;
        started = Stopwatch.GetTimestamp();
        return row;
    }
}

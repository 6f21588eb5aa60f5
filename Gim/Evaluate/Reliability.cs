namespace Gim.Evaluate;

/// <summary>Predictions whose likeliest token had a probability within one tenth.</summary>
/// <param name="Count">Predictions.</param>
/// <param name="MeanProbability">Of their likeliest tokens; NaN without any.</param>
/// <param name="Accuracy">How many of them were right, as a fraction; NaN without any.</param>
internal readonly record struct ReliabilityBin(int Count, double MeanProbability, double Accuracy);

/// <summary>
/// Whether a model's probabilities are how often it is right: its predictions in ten bins by the probability of the likeliest
/// token, [0, 0.1) to [0.9, 1].
/// </summary>
internal sealed class Reliability
{
    public const int BinCount = 10;

    private readonly int[] counts = new int[BinCount], right = new int[BinCount];
    private readonly double[] probabilities = new double[BinCount];

    public int Count { get; private set; }

    public ReliabilityBin this[int bin] => new(counts[bin], probabilities[bin] / counts[bin], (double)right[bin] / counts[bin]);

    /// <summary>Mean distance of accuracy and probability over the bins, weighed by their predictions (expected calibration error); NaN without any.</summary>
    public double ExpectedError
    {
        get
        {
            double sum = 0;
            for (int bin = 0; bin < BinCount; bin++)
                sum += Math.Abs(right[bin] - probabilities[bin]);
            return sum / Count;
        }
    }

    /// <summary>Adds a prediction; one whose probability is not known is passed over.</summary>
    public void Add(double probability, bool isRight)
    {
        if (double.IsNaN(probability))
            return;
        int bin = Math.Clamp((int)(probability * BinCount), 0, BinCount - 1);
        counts[bin]++;
        probabilities[bin] += probability;
        right[bin] += isRight ? 1 : 0;
        Count++;
    }
}

using Gim.Evaluate;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>How a next token is taken from a distribution.</summary>
/// <param name="Temperature">T: probabilities count as p^(1/T); 0 takes the most likely token, of equal ones the lowest id.</param>
/// <param name="TopK">Only so many of the most likely tokens; 0 for all.</param>
/// <param name="TopP">Only the most likely tokens whose probabilities together first reach this; 1 for all.</param>
/// <param name="Seed">Of the drawing.</param>
public sealed record SamplingSettings(double Temperature = 0, int TopK = 0, double TopP = 1, long Seed = 1);

/// <summary>Draws next tokens; the same settings give the same tokens on every machine.</summary>
public sealed class Sampler(SamplingSettings settings)
{
    private const double Unit = 1.0 / (1L << 53);

    private readonly SeededRandom random = new(settings.Seed);

    /// <summary>The next token; null where the distribution knows nothing.</summary>
    public int? Next(NextTokens prediction)
    {
        if (prediction.Tokens.IsEmpty)
            return null;
        if (settings.Temperature == 0)
            return prediction.Best;
        (int Token, double Probability)[] choices = Choices(prediction);
        // Relative to the likeliest, so that a low temperature leaves no sum of zeros.
        double[] weights = [.. choices.Select(choice => Math.Pow(choice.Probability / choices[0].Probability, 1 / settings.Temperature))];
        double point = (random.Next() >> 11) * Unit * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            point -= weights[i];
            if (point < 0)
                return choices[i].Token;
        }
        return choices[^1].Token;
    }

    /// <summary>The tokens that can be drawn, the most likely first.</summary>
    internal (int Token, double Probability)[] Choices(NextTokens prediction)
    {
        (int Token, double Probability)[] ordered = prediction.Top(settings.TopK > 0 ? settings.TopK : int.MaxValue);
        double sum = 0;
        int kept = 0;
        while (kept < ordered.Length && (kept == 0 || sum < settings.TopP))
            sum += ordered[kept++].Probability;
        return ordered[..kept];
    }
}

namespace Gim.Train;

/// <summary>How the learning rate falls after its warm-up.</summary>
internal enum DecayKind
{
    Linear,
    Cosine,
}

/// <summary>
/// The learning rate of each step: it rises linearly over the first steps, stays at its peak, and falls over the last
/// share of all steps, to zero or to a share of the peak. Up to where it falls, the rate does not depend on how many steps there are: training can be
/// made longer until then.
/// </summary>
/// <param name="Peak">η at its highest.</param>
/// <param name="WarmUp">Steps of the rise.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="DecayShare">Share of all steps over which the rate falls, from 0 (never) to 1.</param>
/// <param name="LowestShare">What the rate falls to, as a share of the peak.</param>
internal sealed record LearningRate(double Peak, int WarmUp, int Steps, double DecayShare, DecayKind Kind, double LowestShare = 0)
{
    /// <summary>The first step, from 0, at which the rate falls.</summary>
    public int DecayStart => (int)Math.Ceiling(Steps * (1 - DecayShare));

    /// <summary>η of a step, counted from 0.</summary>
    public double At(int step)
    {
        double rise = step < WarmUp ? (step + 1.0) / WarmUp : 1;
        if (step < DecayStart) return Peak * rise;
        double done = (double)(step - DecayStart) / (Steps - DecayStart);
        double left = Kind == DecayKind.Cosine ? (1 + Math.Cos(Math.PI * done)) / 2 : 1 - done;
        return Peak * rise * (LowestShare + (1 - LowestShare) * left);
    }
}

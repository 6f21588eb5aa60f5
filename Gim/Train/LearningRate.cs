namespace Gim.Train;

/// <summary>How the learning rate falls after its warm-up.</summary>
internal enum DecayKind
{
    Linear,
    Cosine,
}

/// <summary>
/// The learning rate of each step: it rises linearly over the first steps, stays at its peak, and falls to zero over the
/// last share of all steps. Up to where it falls, the rate does not depend on how many steps there are: training can be
/// made longer until then.
/// </summary>
/// <param name="Peak">η at its highest.</param>
/// <param name="WarmUp">Steps of the rise.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="DecayShare">Share of all steps over which the rate falls, from 0 (never) to 1.</param>
internal sealed record LearningRate(double Peak, int WarmUp, int Steps, double DecayShare, DecayKind Kind)
{
    /// <summary>The first step, from 0, at which the rate falls.</summary>
    public int DecayStart => (int)Math.Ceiling(Steps * (1 - DecayShare));

    /// <summary>η of a step, counted from 0.</summary>
    public double At(int step)
    {
        double rise = step < WarmUp ? (step + 1.0) / WarmUp : 1;
        if (step < DecayStart) return Peak * rise;
        double done = (double)(step - DecayStart) / (Steps - DecayStart);
        return Peak * rise * (Kind == DecayKind.Cosine ? (1 + Math.Cos(Math.PI * done)) / 2 : 1 - done);
    }
}

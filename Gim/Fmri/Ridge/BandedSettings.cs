namespace Gim.Fmri.Ridge;

/// <summary>The random search of <see cref="BandedRidge"/>.</summary>
internal sealed record BandedSettings
{
    /// <summary>Mixtures of groups that are tried. The first gives all groups the same weight.</summary>
    public int Candidates { get; init; } = 100;

    /// <summary>
    /// Of the Dirichlet distributions that mixtures are drawn from, in turn: below 1 prefers few groups, 1 likes all mixtures
    /// equally.
    /// </summary>
    public IReadOnlyList<double> Concentrations { get; init; } = [0.1, 1];

    public long Seed { get; init; } = 1;
}

namespace Gim.Config;

/// <summary>
/// The names of the predictors, in configs and in every table. They are the published ones, so that a run's figures
/// can be laid beside the paper's.
/// </summary>
public static class ModelNames
{
    public const string InfiniGram = "infini-gram";
    public const string InductionExact = "induction-exact";
    public const string InductionFuzzy = "induction-fuzzy";
    public const string Gim = "gim";
}

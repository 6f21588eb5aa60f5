namespace Gim.Fmri.Simulation;

/// <summary>How a simulated listener is made. Shares are parts of the variance of a single hearing's responses.</summary>
internal sealed record SimulationSettings
{
    /// <summary>The same settings and seed give the same stories and responses on every machine.</summary>
    public long Seed { get; init; } = 1;

    public int TrainingStories { get; init; } = 32;

    public int TestStories { get; init; } = 4;

    /// <summary>TRs of 2 s that a story's scan lasts, as many as respdict.json would say; each story has up to a tenth more or less.</summary>
    public int Trs { get; init; } = 300;

    public int Targets { get; init; } = 30;

    /// <summary>How often each test story is heard: with the same signal and other noise. Its responses are the mean.</summary>
    public int TestTrials { get; init; } = 5;

    /// <summary>The share of the variance that labels and word rate explain.</summary>
    public double FeatureShare { get; init; } = 0.15;

    /// <summary>
    /// The size of the induction effect: the share of the variance that each passage's own pattern makes up, which nothing
    /// but the passage's return can tell. At 0 there is noise in its place.
    /// </summary>
    public double InductionShare { get; init; } = 0.2;

    /// <summary>How many directions in the space of targets the passages' patterns lie in.</summary>
    public int PatternDimensions { get; init; } = 3;

    /// <summary>The chance that a passage is one that the story told before, where there is one that may come back.</summary>
    public double RetoldShare { get; init; } = 0.7;

    /// <summary>The chance that a passage that is new to the story comes from the stock that all stories share.</summary>
    public double StockShare { get; init; } = 0.7;

    /// <summary>Passages of the stock.</summary>
    public int StockPassages { get; init; } = 20;

    /// <summary>What is left of the noise's fast part one TR later: its autocorrelation.</summary>
    public double NoiseMemory { get; init; } = 0.5;

    /// <summary>The share of the noise's variance that drifts slowly.</summary>
    public double DriftShare { get; init; } = 0.1;

    /// <exception cref="InputException">A value is out of range.</exception>
    internal void Check()
    {
        RequireCount("training stories", TrainingStories, 1);
        RequireCount("test stories", TestStories, 1);
        RequireCount("TRs in a story", Trs, 60);
        RequireCount("targets", Targets, 1);
        RequireCount("hearings of a test story", TestTrials, 1);
        RequireCount("dimensions of patterns", PatternDimensions, 1);
        RequireCount("passages in the stock", StockPassages, 1);
        RequireShare("features in the variance", FeatureShare);
        RequireShare("the induction effect in the variance", InductionShare);
        RequireShare("retold passages", RetoldShare);
        RequireShare("passages of the stock", StockShare);
        RequireShare("drift in the noise", DriftShare);
        if (FeatureShare + InductionShare > 1)
            throw new InputException($"the shares of features and the induction effect are {FeatureShare:R} and {InductionShare:R}; together they can be no more than 1");
        if (!(NoiseMemory >= 0 && NoiseMemory < 1))
            throw new InputException($"the noise's memory is {NoiseMemory:R}; expected a number from 0 to below 1");
    }

    private static void RequireCount(string what, int count, int least)
    {
        const int Most = 1_000_000;
        if (count < least || count > Most)
            throw new InputException($"{count} {what} are to be simulated; expected from {least} to {Most:N0}");
    }

    private static void RequireShare(string what, double share)
    {
        if (!(share >= 0 && share <= 1))
            throw new InputException($"the share of {what} is {share:R}; expected a number from 0 to 1");
    }
}

namespace Gim.Fmri.Models;

/// <summary>What a set of features is in a run.</summary>
internal enum SetRole
{
    /// <summary>Features that matches and controls are added to.</summary>
    Base,

    /// <summary>Other features.</summary>
    Comparison,

    /// <summary>A base and a match.</summary>
    Match,

    /// <summary>The same with another story's text.</summary>
    WrongText,

    /// <summary>The same with random keys.</summary>
    RandomMatch,

    /// <summary>A base and something that knows no text at all.</summary>
    Blind,

    /// <summary>A base and the true places of a simulated listener's passages, which no real recording tells.</summary>
    Oracle,

    /// <summary>A match at another gap, for the curve.</summary>
    Gap,

    /// <summary>The same with another story's text.</summary>
    GapWrongText,
}

/// <summary>A set of features and how it did on the test stories.</summary>
internal sealed record SetScores
{
    public required string Name { get; init; }

    public required SetRole Role { get; init; }

    /// <summary>The set that it is compared with; its own name for a base.</summary>
    public required string Base { get; init; }

    /// <summary>Of a match and of its controls: the set of the match.</summary>
    public string? Match { get; init; }

    /// <summary>The gap of an in-story match, in TRs; 0 for others.</summary>
    public int Gap { get; init; }

    /// <summary>Columns that regression saw.</summary>
    public required int Features { get; init; }

    /// <summary>[targets], Pearson's r on the test rows.</summary>
    public required float[] Correlations { get; init; }

    /// <summary>[targets], of block permutations; empty where none were made.</summary>
    public required double[] PValues { get; init; }

    /// <summary>[targets], the penalty λ of each.</summary>
    public required double[] Penalties { get; init; }

    /// <summary>[targets], mean r over the folds at that penalty.</summary>
    public required double[] FoldCorrelations { get; init; }

    /// <summary>[kinds of features][targets], λ / γ of banded ridge; null for one penalty for all.</summary>
    public double[][]? GroupPenalties { get; init; }

    /// <summary>[samples], the mean r over targets on each sample of the test rows' blocks; the same samples for every set.</summary>
    public required double[] Samples { get; init; }

    /// <summary>The predictions of the targets whose time course is drawn.</summary>
    public required IReadOnlyList<TimeCourse> Courses { get; init; }
}

/// <summary>What was predicted for one target.</summary>
/// <param name="Target">Its place among the targets.</param>
/// <param name="Values">[test rows]</param>
internal sealed record TimeCourse(int Target, float[] Values);

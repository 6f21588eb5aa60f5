namespace Gim.Fmri.Stimulus;

/// <summary>
/// When a story's TRs are, in seconds from the start of its sound, and which of them remain after trimming. TR k lasts from
/// First + k Seconds for one TR; features are interpolated to its middle.
/// </summary>
/// <param name="Count">TRs before trimming.</param>
/// <param name="Seconds">From one TR to the next.</param>
/// <param name="First">When the first one begins; negative where the scanner ran before the sound.</param>
/// <param name="TrimStart">TRs left out at the start, where the response has not settled.</param>
/// <param name="TrimEnd">TRs left out at the end.</param>
internal sealed record TrGrid(int Count, double Seconds, double First, int TrimStart, int TrimEnd)
{
    /// <summary>TRs of ds003020's scans that its stimulus pipeline leaves off at the end.</summary>
    private const int Pad = 5;

    private const int PublishedTrimStart = 10, PublishedTrimEnd = 5;

    /// <summary>TRs of a ds003020 scan that no row of features or responses stands for.</summary>
    public const int Untold = Pad + PublishedTrimStart + PublishedTrimEnd;

    /// <summary>TRs after trimming: the rows of features and responses.</summary>
    public int Kept => Count - TrimStart - TrimEnd;

    /// <summary>
    /// The grid of a ds003020 story: TRs of 2 s, of which the first begins 10 s before the sound; rows [10:-5] remain of all
    /// but the last 5 (LeBel et al. 2023, and the code published with it).
    /// </summary>
    /// <param name="scanned">The story's TRs in respdict.json; more than <see cref="Untold"/>.</param>
    public static TrGrid Ds003020(int scanned)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(scanned, Untold);
        return new TrGrid(scanned - Pad, 2, -10, PublishedTrimStart, PublishedTrimEnd);
    }

    /// <summary>TRs from the start of the text, none left out.</summary>
    public static TrGrid Whole(int count, double seconds) => new(count, seconds, 0, 0, 0);

    /// <summary>When a TR begins.</summary>
    public double Start(int tr) => First + tr * Seconds;

    /// <summary>The middle of a TR, for which interpolated features stand.</summary>
    public double Time(int tr) => Start(tr) + Seconds / 2;

    /// <summary>The TR in whose [start, next start) a moment lies, before trimming; -1 where it is in none.</summary>
    public int TrAt(double seconds)
    {
        double place = Math.Floor((seconds - First) / Seconds);
        if (!(place >= -1 && place <= Count))
            return -1;
        int tr = (int)place;
        // The quotient is rounded: the borders decide.
        if (seconds < Start(tr))
            tr--;
        else if (seconds >= Start(tr + 1))
            tr++;
        return tr >= 0 && tr < Count ? tr : -1;
    }

    /// <summary>The rows that remain of a matrix with a row for each TR.</summary>
    public Matrix Trim(Matrix all)
    {
        if (all.Rows != Count)
            throw new ArgumentException($"{all.Rows} rows where {Count} TRs were expected", nameof(all));
        return new Matrix(Kept, all.Columns, all.Values.AsSpan(TrimStart * all.Columns, Kept * all.Columns).ToArray());
    }
}

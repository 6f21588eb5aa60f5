using Gim.Kernels.Devices;

namespace Gim.Fmri.Matching;

/// <summary>
/// Matching against a memory of other stories' rows, where no autocorrelation can reach: the value of a row is the mean of
/// the memory's values with the weights exp(cos / T) of their keys. A row of some fold sees no memory of its fold. Never are
/// all weights there at once: they are made in tiles, which the next product uses up. <see cref="MatchReference"/> is the
/// definition, from which a value differs by about 1e-6 of the largest one (and, below T = 0.05, a little more).
/// Results are the same to the last bit for every number of threads.
/// </summary>
internal static class CrossStoryMatch
{
    /// <summary>The fold of rows that may see the whole memory: test rows.</summary>
    public const int NoFold = -1;

    /// <summary>Matches some rows against the memory.</summary>
    /// <param name="memory">What is matched against.</param>
    /// <param name="keys">[rows, key columns]; made unit length here.</param>
    /// <param name="folds">[rows], the fold of each, or <see cref="NoFold"/>.</param>
    /// <param name="standIns">
    /// [rows], the story whose memory each row does not see besides (<see cref="Controls.OtherNumbers"/>), or nothing. Where
    /// other stories' keys stand in, they would find themselves in the memory.
    /// </param>
    /// <returns>Values; 0 where all memory belongs to the row's own fold. Strongest matches are rows of the memory.</returns>
    /// <exception cref="InputException">A key or value is not a finite number.</exception>
    /// <exception cref="ArgumentException">Shapes differ, or the rule makes no sense.</exception>
    public static MatchedValues Run(
        Device device, MatchMemory memory, Matrix keys, ReadOnlySpan<int> folds, CrossStoryRule rule, ReadOnlySpan<int> standIns = default,
        CancellationToken cancellation = default)
    {
        rule.Check();
        if (folds.Length != keys.Rows)
            throw new ArgumentException($"there are folds of {folds.Length} rows and keys of {keys.Rows}", nameof(folds));
        if (!standIns.IsEmpty && standIns.Length != keys.Rows)
            throw new ArgumentException($"there are stand-ins of {standIns.Length} rows where there are {keys.Rows}", nameof(standIns));
        if (keys.Columns != memory.Keys.Columns)
            throw new ArgumentException($"keys have {keys.Columns} columns where the memory's have {memory.Keys.Columns}", nameof(keys));
        Matrix unit = UnitRows.Of(keys);
        var matched = new MatchedValues(new Matrix(keys.Rows, memory.Values.Columns), new StrongestMatches(keys.Rows, rule.Strongest));
        foreach (var ((own, standIn), rows) in RowsThatSeeAlike(folds, standIns))
        {
            int[] seen = memory.Seen(own, standIn);
            if (seen.Length == 0) continue;
            using var attention = new TiledAttention(device, memory, seen, rule);
            attention.Match(unit, [.. rows], matched, cancellation);
        }
        return matched;
    }

    /// <summary>The rows, ascending, that do not see the same fold and stand-in.</summary>
    internal static SortedDictionary<(int Own, int StandIn), List<int>> RowsThatSeeAlike(ReadOnlySpan<int> folds, ReadOnlySpan<int> standIns)
    {
        var rowsOfFolds = new SortedDictionary<(int Own, int StandIn), List<int>>();
        for (int row = 0; row < folds.Length; row++)
        {
            (int, int) unseen = (folds[row], standIns.IsEmpty ? NoFold : standIns[row]);
            if (!rowsOfFolds.TryGetValue(unseen, out List<int>? rows))
                rowsOfFolds.Add(unseen, rows = []);
            rows.Add(row);
        }
        return rowsOfFolds;
    }
}

/// <summary>Rows that others are matched against.</summary>
internal sealed class MatchMemory
{
    private readonly int[] folds, stories;

    /// <param name="keys">[rows, key columns]; a copy is made unit length.</param>
    /// <param name="values">[rows, value columns]</param>
    /// <param name="folds">[rows], the fold whose rows do not see it.</param>
    /// <param name="stories">[rows], the number of the story of each, for stand-ins; default: its fold.</param>
    /// <exception cref="InputException">A key or value is not a finite number.</exception>
    /// <exception cref="ArgumentException">The rows differ.</exception>
    public MatchMemory(Matrix keys, Matrix values, ReadOnlySpan<int> folds, ReadOnlySpan<int> stories = default)
    {
        if (keys.Rows != values.Rows || keys.Rows != folds.Length || (!stories.IsEmpty && stories.Length != keys.Rows))
            throw new ArgumentException($"the memory has keys of {keys.Rows} rows, values of {values.Rows} and folds of {folds.Length}");
        FiniteValues.Require(values, "value column");
        Keys = UnitRows.Of(keys);
        Values = values;
        this.folds = folds.ToArray();
        this.stories = stories.IsEmpty ? this.folds : stories.ToArray();
    }

    /// <summary>Of length 1.</summary>
    public Matrix Keys { get; }

    public Matrix Values { get; }

    /// <summary>The rows, ascending, that are seen by a row of a fold in whose place a story stands.</summary>
    public int[] Seen(int own, int standIn)
    {
        List<int> seen = [];
        for (int row = 0; row < folds.Length; row++)
        {
            if (Sees(own, folds[row]) && Sees(standIn, stories[row])) seen.Add(row);
        }
        return [.. seen];
    }

    /// <summary>Whether a row that does not see one fold or story sees the memory of another.</summary>
    internal static bool Sees(int unseen, int number) => unseen == CrossStoryMatch.NoFold || unseen != number;
}

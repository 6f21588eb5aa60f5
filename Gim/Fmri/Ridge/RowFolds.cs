using Gim.Evaluate;

namespace Gim.Fmri.Ridge;

/// <summary>Sets of rows that are held out in turn, each while all other rows train.</summary>
internal sealed class RowFolds
{
    private readonly int[][] heldOut;

    /// <param name="rows">Rows of the matrices.</param>
    /// <param name="heldOut">The rows of each fold, ascending.</param>
    /// <exception cref="ArgumentException">A fold has no row, all rows, or rows that are not ascending inside the matrix.</exception>
    public RowFolds(int rows, IReadOnlyList<int[]> heldOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        var seen = new bool[rows];
        long count = 0;
        for (int fold = 0; fold < heldOut.Count; fold++)
        {
            int[] held = heldOut[fold];
            if (held.Length == 0 || held.Length == rows)
                throw new ArgumentException($"fold {fold} holds out {held.Length} of {rows} rows; there must be rows to hold out and rows to train on", nameof(heldOut));
            for (int i = 0; i < held.Length; i++)
            {
                if (held[i] < 0 || held[i] >= rows || (i > 0 && held[i] <= held[i - 1]))
                    throw new ArgumentException($"fold {fold} holds out row {held[i]} as its number {i}; rows must ascend inside {rows}", nameof(heldOut));
                if (!seen[held[i]]) count++;
                seen[held[i]] = true;
            }
        }
        Rows = rows;
        this.heldOut = [.. heldOut];
        IsPartition = heldOut.Count > 0 && count == rows && heldOut.Sum(held => (long)held.Length) == rows;
    }

    public int Rows { get; }

    public int Count => heldOut.Length;

    /// <summary>Whether every row is held out by exactly one fold.</summary>
    public bool IsPartition { get; }

    /// <summary>The rows that a fold holds out, ascending.</summary>
    public ReadOnlySpan<int> HeldOut(int fold) => heldOut[fold];

    /// <summary>The other rows, ascending.</summary>
    public int[] Training(int fold)
    {
        int[] held = heldOut[fold], training = new int[Rows - held.Length];
        for (int row = 0, next = 0; row < Rows; row++)
        {
            if (next < held.Length && held[next] == row) next++;
            else training[row - next] = row;
        }
        return training;
    }

    /// <summary>[Rows], the fold that holds each row out.</summary>
    /// <exception cref="InvalidOperationException">A row is held out by no fold or by several.</exception>
    public int[] FoldOfRow()
    {
        if (!IsPartition)
            throw new InvalidOperationException($"the {Count} folds do not hold out each of the {Rows} rows exactly once: no row has a prediction that is its own");
        var folds = new int[Rows];
        for (int fold = 0; fold < Count; fold++)
        {
            foreach (int row in heldOut[fold])
                folds[row] = fold;
        }
        return folds;
    }

    /// <summary>
    /// Whole stories: sorted by name (ordinal), story i belongs to fold i mod <paramref name="count"/>. A fold whose stories
    /// have no rows is left out.
    /// </summary>
    /// <param name="rows">Rows of the matrices; those of no story always train.</param>
    /// <exception cref="InputException">The stories with rows fall into fewer than two folds.</exception>
    /// <exception cref="ArgumentException">A story lies outside the rows, or two overlap.</exception>
    public static RowFolds OfStories(IReadOnlyList<StoryRows> stories, int rows, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        StoryRows[] sorted = [.. stories.OrderBy(story => story.Story, StringComparer.Ordinal)];
        var owner = new string?[rows];
        var held = new List<int>[count];
        for (int fold = 0; fold < count; fold++)
            held[fold] = [];
        for (int i = 0; i < sorted.Length; i++)
        {
            StoryRows story = sorted[i];
            if (story.Start < 0 || story.Count < 0 || story.End > rows)
                throw new ArgumentException($"story '{story.Story}' has rows {story.Start} to {story.End} where there are {rows}", nameof(stories));
            for (int row = story.Start; row < story.End; row++)
            {
                if (owner[row] is { } other)
                    throw new ArgumentException($"row {row} belongs to the stories '{other}' and '{story.Story}'", nameof(stories));
                owner[row] = story.Story;
                held[i % count].Add(row);
            }
        }
        int[][] kept = [.. held.Where(fold => fold.Count > 0).Select(fold => fold.Order().ToArray())];
        if (kept.Length < 2)
            throw new InputException(
                $"cross-validation holds out whole stories, and {sorted.Count(story => story.Count > 0)} of the {sorted.Length} training stories have rows; name two or more");
        return new RowFolds(rows, kept);
    }

    /// <summary>
    /// Draws of chunks as in the published encoding models: the rows are cut into chunks from the first row on (what is
    /// left at the end always trains), and every draw holds some of them out.
    /// </summary>
    /// <param name="chunks">Chunks held out by each draw.</param>
    /// <param name="length">Rows of a chunk.</param>
    /// <exception cref="InputException">There are not more chunks than are to be held out.</exception>
    public static RowFolds OfChunks(int rows, long seed, int draws = 50, int chunks = 125, int length = 40)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int available = rows / length;
        if (available <= chunks)
            throw new InputException(
                $"{rows} rows make {available} chunks of {length}, and each draw holds out {chunks}: there must be more chunks than that; ask for fewer or shorter ones");
        var random = new SeededRandom(seed);
        var held = new int[draws][];
        for (int draw = 0; draw < draws; draw++)
        {
            held[draw] = new int[chunks * length];
            int next = 0;
            foreach (long chunk in random.Sample(available, chunks))
            {
                for (int i = 0; i < length; i++)
                    held[draw][next++] = (int)chunk * length + i;
            }
        }
        return new RowFolds(rows, held);
    }
}

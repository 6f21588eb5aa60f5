namespace Gim.Fmri.Models;

/// <summary>Keeps the predictions of a few targets while blocks of targets pass: of those that are named, or of those with the largest r.</summary>
/// <param name="named">Their places; null: the best ones.</param>
/// <param name="count">How many of the best.</param>
internal sealed class CourseKeeper(IReadOnlyList<int>? named, int count)
{
    private readonly List<(float Correlation, TimeCourse Course)> kept = [];

    /// <summary>In the order they were named, or the best first.</summary>
    public IReadOnlyList<TimeCourse> Courses => [.. kept.Select(one => one.Course)];

    /// <param name="first">The place of the block's first target.</param>
    /// <param name="predicted">[test rows, targets of the block]</param>
    /// <param name="correlations">[targets of the block]</param>
    public void Add(int first, Matrix predicted, ReadOnlySpan<float> correlations)
    {
        if (named is not null)
        {
            foreach (int target in named)
            {
                if (target >= first && target < first + predicted.Columns)
                    kept.Add((0, Course(first, target, predicted)));
            }
            kept.Sort((a, b) => Place(a.Course.Target) - Place(b.Course.Target));
            return;
        }
        for (int i = 0; i < correlations.Length; i++)
        {
            if (kept.Count == count && (count == 0 || correlations[i] <= kept[^1].Correlation)) continue;
            // Of equal ones the earlier target first.
            float correlation = correlations[i];
            int place = kept.FindIndex(one => one.Correlation < correlation);
            kept.Insert(place < 0 ? kept.Count : place, (correlation, Course(first, first + i, predicted)));
            if (kept.Count > count) kept.RemoveAt(count);
        }
    }

    private int Place(int target)
    {
        for (int i = 0; i < named!.Count; i++)
        {
            if (named[i] == target) return i;
        }
        return named.Count;
    }

    private static TimeCourse Course(int first, int target, Matrix predicted)
    {
        var values = new float[predicted.Rows];
        for (int row = 0; row < values.Length; row++)
            values[row] = predicted[row, target - first];
        return new TimeCourse(target, values);
    }
}

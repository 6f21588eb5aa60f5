using System.Numerics.Tensors;

namespace Gim.Fmri.Matching;

/// <summary>The occurrences of one row's words; a thread's own, used again for the next row.</summary>
internal sealed class WordOccurrences(WordPlaces places, int most, int columns, int strongest)
{
    private readonly PlaceRange[] ranges = new PlaceRange[Math.Min(most, places.LongestText)];
    private readonly double[] sums = new double[columns], addend = new double[columns];
    private readonly int[] bestRows = new int[Math.Min(strongest, places.Count)], bestCounts = new int[Math.Min(strongest, places.Count)];
    private readonly List<int> rows = [];

    /// <summary>Finds the rows of the longest match.</summary>
    /// <returns>n; 0 where there is none.</returns>
    public int Find(WordHistory history, int newest)
    {
        rows.Clear();
        int n = places.Find(history, ranges), start = n == 0 ? 0 : ranges[n - 1].First;
        var searched = new PlaceRange(start, start);
        for (; n > 0; n--)
        {
            // Every range holds the one before: what was searched is not looked at again, for it had nothing.
            PlaceRange range = ranges[n - 1];
            Collect(range.First, searched.First, history, newest);
            Collect(searched.End, range.End, history, newest);
            if (rows.Count > 0) break;
            searched = range;
        }
        rows.Sort();
        return n;
    }

    private void Collect(int first, int end, WordHistory history, int newest)
    {
        for (int place = first; place < end; place++)
        {
            if (places.Row(place) <= newest && !places.IsEnd(place, history))
                rows.Add(places.Row(place));
        }
    }

    /// <summary>The mean of the rows' values; 0 where there is none. In the order of rows, whoever asks.</summary>
    public void Mean(Matrix values, Span<float> destination)
    {
        if (rows.Count == 0) return;
        sums.AsSpan().Clear();
        for (int i = 0, next; i < rows.Count; i = next)
        {
            next = EndOfRow(i);
            TensorPrimitives.ConvertTruncating<float, double>(values.Row(rows[i]), addend);
            TensorPrimitives.MultiplyAdd(addend, next - i, sums, sums);
        }
        TensorPrimitives.Divide(sums, rows.Count, sums);
        TensorPrimitives.ConvertTruncating<double, float>(sums, destination);
    }

    /// <summary>Adds the rows with the most occurrences; of equal ones the earliest first.</summary>
    public void AddStrongest(int row, StrongestMatches matches)
    {
        if (bestRows.Length == 0) return;
        int kept = 0;
        for (int i = 0, next; i < rows.Count; i = next)
        {
            next = EndOfRow(i);
            int count = next - i;
            if (kept == bestRows.Length && count <= bestCounts[kept - 1]) continue;
            int place = kept < bestRows.Length ? kept++ : kept - 1;
            for (; place > 0 && count > bestCounts[place - 1]; place--)
                (bestRows[place], bestCounts[place]) = (bestRows[place - 1], bestCounts[place - 1]);
            (bestRows[place], bestCounts[place]) = (rows[i], count);
        }
        for (int i = 0; i < kept; i++)
            matches.Add(row, bestRows[i], (float)bestCounts[i] / rows.Count);
    }

    /// <summary>Behind the last occurrence in the row of this one.</summary>
    private int EndOfRow(int first)
    {
        int end = first + 1;
        while (end < rows.Count && rows[end] == rows[first])
            end++;
        return end;
    }
}

using System.Numerics.Tensors;

namespace Gim.Fmri.Features;

/// <summary>Words' values added up over the words that start in each TR.</summary>
internal static class Bins
{
    /// <param name="words">[words, columns]</param>
    /// <param name="trs">[words], the TR of each; words with -1 are in none.</param>
    /// <param name="count">How many TRs there are.</param>
    /// <returns>[count, columns]</returns>
    public static Matrix Sum(Matrix words, ReadOnlySpan<int> trs, int count)
    {
        if (trs.Length != words.Rows)
            throw new ArgumentException($"{trs.Length} TRs for {words.Rows} words", nameof(trs));
        var rows = new Matrix(count, words.Columns);
        for (int word = 0; word < trs.Length; word++)
        {
            if (trs[word] >= 0)
                TensorPrimitives.Add(rows.Row(trs[word]), words.Row(word), rows.Row(trs[word]));
        }
        return rows;
    }
}

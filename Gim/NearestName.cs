namespace Gim;

/// <summary>
/// The known name that a mistyped one most likely meant, for the "did you mean" of error messages.
/// Distance is Damerau-Levenshtein (insert, delete, replace, swap of neighbours) without regard to case.
/// </summary>
internal static class NearestName
{
    /// <summary>The nearest of <paramref name="known"/>, the first on a tie; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            // A third of the letters wrong is still a typing error; more is another word.
            int longer = Math.Max(name.Length, candidate.Length);
            int allowed = longer < 3 ? 0 : Math.Max(1, longer / 3);
            if (Math.Abs(name.Length - candidate.Length) > allowed)
                continue;
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance <= allowed && distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }
}

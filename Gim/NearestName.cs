namespace Gim;

/// <summary>Finds the known name that a mistyped one was meant to be.</summary>
internal static class NearestName
{
    /// <summary>
    /// The known name with the fewest edits (insert, delete, replace, swap of neighbours; case is ignored), or null
    /// when none is within a third of the longer name's length. On a tie the first wins.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string candidate in known)
        {
            int longer = Math.Max(name.Length, candidate.Length);
            int allowed = Math.Max(1, longer / 3);
            if (Math.Abs(name.Length - candidate.Length) > allowed) continue;
            int edits = Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            // As many edits as letters is another word, not a slip.
            if (edits > allowed || edits >= longer || edits >= fewest) continue;
            (nearest, fewest) = (candidate, edits);
        }
        return nearest;
    }

    /// <summary>Damerau-Levenshtein distance in its restricted form: no substring is edited twice.</summary>
    private static int Edits(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}

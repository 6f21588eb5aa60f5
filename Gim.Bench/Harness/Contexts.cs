namespace Gim.Bench.Harness;

/// <summary>Contexts as a user asks about them: stretches of real text, each inside one document.</summary>
internal static class Contexts
{
    /// <summary>
    /// Takes <paramref name="count"/> contexts of <paramref name="length"/> tokens, their ends spread evenly over all
    /// places of <paramref name="documents"/> at which one can end.
    /// </summary>
    public static int[][] Spread(IEnumerable<int[]> documents, int length, int count)
    {
        int[][] usable = [.. documents.Where(document => document.Length >= length)];
        long places = usable.Sum(document => (long)document.Length - length + 1);
        if (places < count)
            throw new InvalidOperationException($"The text offers {places} contexts of {length} tokens where {count} are needed.");
        int[][] contexts = new int[count][];
        int taken = 0;
        long before = 0;
        foreach (int[] document in usable)
        {
            int here = document.Length - length + 1;
            for (; taken < count && taken * places / count < before + here; taken++)
            {
                int start = (int)(taken * places / count - before);
                contexts[taken] = document[start..(start + length)];
            }
            before += here;
        }
        return contexts;
    }

    /// <summary>The first <paramref name="count"/> + <paramref name="length"/> tokens of the first document that has so many, to be read token by token.</summary>
    public static int[] Stretch(IEnumerable<int[]> documents, int length, int count)
        => documents.First(document => document.Length >= length + count)[..(length + count)];
}

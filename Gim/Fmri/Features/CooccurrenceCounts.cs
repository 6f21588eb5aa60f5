using System.Runtime.CompilerServices;

namespace Gim.Fmri.Features;

/// <summary>
/// How often each word of a vocabulary stands near each of some context words. Counts are whole numbers: they do not depend
/// on the order of the texts.
/// </summary>
internal sealed class CooccurrenceCounts
{
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly int[] contextOf;
    private readonly long[] counts;
    private readonly int distance;

    /// <param name="vocabulary">Words that are counted for, each once.</param>
    /// <param name="contexts">Words that are counted, each once and in the vocabulary.</param>
    /// <param name="distance">Words to each side within which one stands near another.</param>
    public CooccurrenceCounts(IReadOnlyList<string> vocabulary, IReadOnlyList<string> contexts, int distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, 1);
        ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string word in vocabulary)
            ids.Add(word, ids.Count);
        lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        contextOf = new int[vocabulary.Count];
        contextOf.AsSpan().Fill(-1);
        for (int i = 0; i < contexts.Count; i++)
            contextOf[ids[contexts[i]]] = i;
        Contexts = contexts.Count;
        counts = new long[checked(vocabulary.Count * contexts.Count)];
        this.distance = distance;
    }

    /// <summary>Words that are counted for.</summary>
    public int Words => contextOf.Length;

    /// <summary>Words that are counted.</summary>
    public int Contexts { get; }

    /// <summary>A word's number, in the order of the vocabulary; -1 where it is not in it.</summary>
    public int IdOf(ReadOnlySpan<char> word) => lookup.TryGetValue(word, out int id) ? id : -1;

    /// <summary>How often each context word stood near a word.</summary>
    public ReadOnlySpan<long> Of(int word) => counts.AsSpan(word * Contexts, Contexts);

    /// <summary>Counts in one text.</summary>
    /// <param name="text">The number of each word, -1 for one that is not in the vocabulary, which still takes a place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<int> text)
    {
        // Only context words are kept, with their places, and each word's window is a stretch of that list.
        int[] places = new int[text.Length], found = new int[text.Length];
        int kept = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int context = text[i] < 0 ? -1 : contextOf[text[i]];
            if (context < 0)
                continue;
            places[kept] = i;
            found[kept++] = context;
        }
        int from = 0, to = 0;
        for (int i = 0; i < text.Length; i++)
        {
            while (to < kept && places[to] <= (long)i + distance)
                to++;
            while (from < to && places[from] < i - distance)
                from++;
            if (text[i] < 0)
                continue;
            Span<long> row = counts.AsSpan(text[i] * Contexts, Contexts);
            foreach (int context in found.AsSpan(from, to - from))
                row[context]++;
            // A word does not stand near itself.
            int own = contextOf[text[i]];
            if (own >= 0)
                row[own]--;
        }
    }
}

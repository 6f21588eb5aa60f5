namespace Gim.Index.Query;

/// <summary>
/// Counts hits and their documents, and keeps a bounded number drawn at random: those with the smallest hash, so that
/// the order in which hits are found does not matter. A bit of memory for every document of the shard at hand.
/// </summary>
internal sealed class HitCollector(CorpusIndex index, int maxHits, int seed)
{
    private readonly PriorityQueue<(IndexPlace Place, int Length), ulong> kept =
        new(Comparer<ulong>.Create((left, right) => right.CompareTo(left)));

    private int shard;
    private ulong[] documents = [];

    public long Count { get; private set; }

    public long Documents { get; private set; }

    /// <summary>The hits that follow are in this shard, all of that shard's.</summary>
    public void Begin(int shard)
    {
        this.shard = shard;
        documents = new ulong[(index.Shards[shard].DocumentCount + 63) / 64];
    }

    public void Add(long position, int length, long document)
    {
        Count++;
        ref ulong word = ref documents[document >> 6];
        ulong bit = 1UL << (int)(document & 63);
        if ((word & bit) == 0)
            Documents++;
        word |= bit;
        if (maxHits == 0)
            return;
        ulong hash = Mix(Mix(Mix(Mix((ulong)seed) + (ulong)shard) + (ulong)position) + (ulong)length);
        if (kept.Count < maxHits)
            kept.Enqueue((new IndexPlace(shard, position), length), hash);
        else if (kept.TryPeek(out _, out ulong largest) && hash < largest)
            kept.DequeueEnqueue((new IndexPlace(shard, position), length), hash);
    }

    /// <summary>The hits kept, ascending by place.</summary>
    public IEnumerable<(IndexPlace Place, int Length)> Kept()
        => kept.UnorderedItems.Select(item => item.Element).OrderBy(hit => hit.Place).ThenBy(hit => hit.Length);

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the input moves every bit of the result.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}

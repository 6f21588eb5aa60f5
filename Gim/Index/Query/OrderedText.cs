namespace Gim.Index.Query;

/// <summary>
/// A text made ready for many searches for its stretches: its tokens as the shards order them, converted once. Safe for
/// several threads at once.
/// </summary>
internal sealed class OrderedText
{
    private readonly CorpusIndex index;
    private readonly Dictionary<TokenWidth, Converted> byWidth = [];

    public OrderedText(CorpusIndex index, ReadOnlySpan<int> text)
    {
        this.index = index;
        Length = text.Length;
        foreach (IndexShard shard in index.Shards)
        {
            if (!byWidth.ContainsKey(shard.Width))
                byWidth.Add(shard.Width, new Converted(shard.Width, text));
        }
    }

    public int Length { get; }

    /// <summary>Whether a stretch of the text occurs in a shard; the empty one does.</summary>
    public bool Occurs(int start, int length)
    {
        if (length == 0)
            return true;
        foreach (IndexShard shard in index.Shards)
        {
            Converted text = byWidth[shard.Width];
            if (text.NextUnknown[start] - start >= length && shard.Occurs(text.Orders.AsSpan(start, length)))
                return true;
        }
        return false;
    }

    private sealed class Converted
    {
        public Converted(TokenWidth width, ReadOnlySpan<int> text)
        {
            Orders = new uint[text.Length];
            NextUnknown = new int[text.Length];
            int next = text.Length;
            for (int i = text.Length - 1; i >= 0; i--)
            {
                if (!width.TryOrder(text[i], out Orders[i]))
                    next = i;
                NextUnknown[i] = next;
            }
        }

        public uint[] Orders { get; }

        /// <summary>For every token the position, from it on, of the first that no index of this width can hold.</summary>
        public int[] NextUnknown { get; }
    }
}

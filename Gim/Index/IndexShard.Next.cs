namespace Gim.Index;

/// <summary>What follows the places of a query in one shard.</summary>
public sealed unsafe partial class IndexShard
{
    private const int BlockSize = 32;

    /// <summary>
    /// Adds to <paramref name="counts"/> the tokens that follow the suffixes of ranks [low, high), which all begin with
    /// the same <paramref name="length"/> tokens. The end of the file and a separator count as
    /// <paramref name="endOfText"/>. Exact: within the range the next tokens are sorted, so they come in runs. Short
    /// runs are read a block at a time, since reads that do not wait for each other reach memory together; a run that
    /// fills a block is skipped by a search for its end. In a reversed shard they are not sorted, and each is read.
    /// </summary>
    public void AddNextTokens(long low, long high, int length, int endOfText, TokenCounts counts)
    {
        if (Reversed && length > 0)
        {
            AddPreviousTokens(low, high, endOfText, counts);
            return;
        }
        // The least suffix of the range may end with the file.
        if (low < high && Suffix(low) + (long)length * width >= tokens.Length)
        {
            counts.Add(endOfText, 1);
            low++;
        }
        int separator = Width.Separator();
        Span<uint> block = stackalloc uint[BlockSize];
        while (low < high)
        {
            int size = (int)Math.Min(BlockSize, high - low);
            for (int i = 0; i < size; i++)
                block[i] = NextOrder(low + i, length);
            if (block[0] == block[size - 1])
            {
                long end = EndOfRun(low, high, length, block[0]);
                Add(block[0], end - low);
                low = end;
                continue;
            }
            // The block's last run may go on behind it: that one begins the next block.
            int whole = size;
            while (low + size < high && block[whole - 1] == block[size - 1])
                whole--;
            for (int start = 0, i = 1; i <= whole; i++)
            {
                if (i < whole && block[i] == block[start])
                    continue;
                Add(block[start], i - start);
                start = i;
            }
            low += whole;
        }

        void Add(uint order, long count)
        {
            int token = Width.FromOrder(order);
            counts.Add(token == separator ? endOfText : token, count);
        }
    }

    private long EndOfRun(long low, long high, int length, uint order)
    {
        long step = 1, inside = low, outside = high;
        while (inside + step < high)
        {
            if (NextOrder(inside + step, length) != order)
            {
                outside = inside + step;
                break;
            }
            inside += step;
            step *= 2;
        }
        while (inside + 1 < outside)
        {
            long middle = (long)((ulong)(inside + outside) >> 1);
            if (NextOrder(middle, length) == order)
                inside = middle;
            else
                outside = middle;
        }
        return inside + 1;
    }

    private uint NextOrder(long rank, int length)
    {
        long offset = Suffix(rank) + (long)length * width;
        // Only the least suffix of a range can end at the end of the file; in a damaged table any may.
        if (offset >= tokens.Length)
            ThrowBadPointer(rank, (ulong)offset);
        return OrderAt(offset);
    }

    /// <summary>In a reversed shard the token that follows stands before the suffix in the file.</summary>
    private void AddPreviousTokens(long low, long high, int endOfText, TokenCounts counts)
    {
        const int Batch = 1 << 16;
        int separator = Width.Separator();
        for (; low < high; low++)
        {
            long stored = Suffix(low) / width;
            int token = stored == 0 ? separator : StoredToken(stored - 1);
            counts.Add(token == separator ? endOfText : token, 1);
            // Entries are merged on the way, so that frequent queries take no more memory than there are different tokens.
            if (counts.Length >= Batch && low % Batch == 0)
                counts.Merge();
        }
    }
}

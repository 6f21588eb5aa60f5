using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// A share of every source by its weight: whole where the source is no longer than that, otherwise stretches at even
/// distances. Nothing is drawn by chance, and no token is read twice.
/// </summary>
internal static class TokenSample
{
    /// <summary>What parts two stretches: no token.</summary>
    public const int Border = -1;

    /// <summary>Tokens of a stretch: so many that the neighbours lost at its ends do not matter.</summary>
    public const int Stretch = 1 << 16;

    /// <summary>The stretches of all sources in turn, with <see cref="Border"/> between them.</summary>
    /// <param name="vocabulary">V: tokens are below it.</param>
    /// <param name="tokens">How many to read at most, of all sources together.</param>
    /// <param name="gap">How many borders to put between two stretches.</param>
    /// <exception cref="ArgumentException">A weight is negative, NaN or infinite, a token not below V, or the tokens do not fit one array.</exception>
    public static int[] Read(
        IReadOnlyList<WeightedTokens> sources, int vocabulary, long tokens, int gap, IJobLog log, CancellationToken cancellation)
    {
        long[] shares = Shares(sources, tokens);
        long all = shares.Sum();
        long length = all + gap * shares.Select((share, source) => Pieces(share, sources[source].Tokens.TokenCount)).Sum();
        if (length > Array.MaxLength)
            throw new ArgumentException($"{all:N0} tokens do not fit one array: at most {Array.MaxLength:N0} can be read");
        int[] read = GC.AllocateUninitializedArray<int>((int)length);
        using IJobProgress progress = log.Start("reading tokens for the starting embeddings", all, "tokens");
        int end = 0;
        for (int source = 0; source < shares.Length; source++)
        {
            long share = shares[source], count = sources[source].Tokens.TokenCount, pieces = Pieces(share, count);
            for (long piece = 0; piece < pieces; piece++)
            {
                long first = share * piece / pieces, size = share * (piece + 1) / pieces - first;
                // What is left out lies in equal parts between the stretches, half of one at either end.
                long start = first + (count - share) / pieces * piece + (count - share) / pieces / 2;
                for (long done = 0; done < size; done += Stretch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Span<int> part = read.AsSpan(end, (int)Math.Min(Stretch, size - done));
                    sources[source].Tokens.Read(start + done, part);
                    Check(part, vocabulary, start + done);
                    progress.Advance(part.Length);
                    end += part.Length;
                }
                read.AsSpan(end, gap).Fill(Border);
                end += gap;
            }
        }
        return read;
    }

    /// <summary>
    /// The tokens to read of each source: by weight, and none more than it has. What a short source leaves goes to the
    /// others by their weights.
    /// </summary>
    public static long[] Shares(IReadOnlyList<WeightedTokens> sources, long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        double largest = 0;
        foreach (WeightedTokens source in sources)
        {
            if (!(source.Weight >= 0 && double.IsFinite(source.Weight)))
                throw new ArgumentException($"a source has weight {source.Weight}, where a finite number of at least 0 was expected");
            largest = Math.Max(largest, source.Weight);
        }
        long[] shares = new long[sources.Count];
        var open = new List<int>(Enumerable.Range(0, sources.Count).Where(source => sources[source].Weight > 0));
        long left = tokens;
        while (open.Count > 0)
        {
            // Divided by the largest, the weights' sum cannot overflow.
            double sum = open.Sum(source => sources[source].Weight / largest);
            foreach (int source in open)
                shares[source] = (long)Math.Min(left * (sources[source].Weight / largest / sum), sources[source].Tokens.TokenCount);
            int[] whole = [.. open.Where(source => shares[source] == sources[source].Tokens.TokenCount)];
            if (whole.Length == 0)
                break;
            open.RemoveAll(source => whole.Contains(source));
            left = Math.Max(0, left - whole.Sum(source => shares[source]));
        }
        return shares;
    }

    private static long Pieces(long share, long count) => share == 0 ? 0 : share == count ? 1 : (share + Stretch - 1) / Stretch;

    private static void Check(ReadOnlySpan<int> part, int vocabulary, long start)
    {
        for (int i = 0; i < part.Length; i++)
        {
            if ((uint)part[i] >= (uint)vocabulary)
                throw new ArgumentException($"token {start + i:N0} of a source is {part[i]}, where a number from 0 to {vocabulary - 1} was expected");
        }
    }
}

using System.Runtime.CompilerServices;
using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// How often two tokens stand within <c>distance</c> positions of each other: n_ij is the sum of the weights of all pairs of
/// positions p, q with token i at p and token j at q, p before or behind q; a token beside itself counts from both sides.
/// A pair's weight is distance + 1 - |p - q|: what word2vec's window of random width gives on average (Levy, Goldberg and
/// Dagan 2015, 3.1), and whole numbers, whose sums are exact in any order, so that threads and chance leave no trace.
/// </summary>
/// <param name="pairs">[V, V], symmetric.</param>
/// <param name="totals">[V], each row's sum, of the pairs that were left out too.</param>
internal sealed class CooccurrenceCounts(SparseMatrix pairs, long[] totals)
{
    /// <summary>Elements kept at most: 8 bytes each, 0.8 GB.</summary>
    public const long MostPairs = 100_000_000;

    /// <summary>Rows that a thread takes at a time: a few frequent tokens have most of the pairs.</summary>
    private const int RowsTogether = 8;

    /// <summary>A row with more of its columns than one in so many is looked through from end to end, others are sorted.</summary>
    private const int Sparse = 32;

    public SparseMatrix Pairs { get; } = pairs;

    public long[] Totals { get; } = totals;

    /// <summary>
    /// Counts row by row, each from the places of its token. Memory: 8 bytes for each token, 8 for each pair kept, and
    /// 16 V for each thread. Where there are more pairs than allowed, those of the least weight are left out.
    /// </summary>
    /// <param name="tokens">Tokens below V; a negative number is none and counts with nothing.</param>
    /// <param name="vocabulary">V</param>
    /// <param name="distance">At least 1.</param>
    /// <param name="mostPairs">How many elements to keep at most, at least 1.</param>
    public static CooccurrenceCounts Count(
        int[] tokens, int vocabulary, int distance, long mostPairs, int threads, IJobLog log, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(distance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostPairs);
        var rows = new Rows(tokens, vocabulary, distance, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, log);
        long[] totals = new long[vocabulary], starts = new long[vocabulary + 1];
        // The pairs of weight w or more are at most the sum of all weights over w.
        long weights = 2L * tokens.Length * Math.Min(distance, tokens.Length) * (distance + 1L) / 2;
        long[] byWeight = new long[(int)Math.Min(weights / mostPairs + 2, Array.MaxLength)];
        rows.Visit("counting neighbours", 1, byWeight, (row, columns, sums) =>
        {
            starts[row + 1] = columns.Length;
            foreach (int column in columns)
                totals[row] += sums[column];
        });
        long least = LeastWeight(byWeight, mostPairs, out long kept);
        if (least > 1)
        {
            log.Info($"starting embeddings: {byWeight.Sum():N0} pairs of neighbours, of which the {kept:N0} of weight {least:N0} or more are kept (at most {mostPairs:N0})");
            rows.Visit("choosing neighbours", least, null, (row, columns, _) => starts[row + 1] = columns.Length);
        }
        for (int row = 0; row < vocabulary; row++)
            starts[row + 1] += starts[row];
        int[] allColumns = GC.AllocateUninitializedArray<int>(checked((int)starts[vocabulary]));
        float[] values = GC.AllocateUninitializedArray<float>(allColumns.Length);
        rows.Visit("collecting neighbours", least, null, (row, columns, sums) =>
        {
            columns.CopyTo(allColumns.AsSpan((int)starts[row]));
            for (int i = 0; i < columns.Length; i++)
                values[starts[row] + i] = sums[columns[i]];
        });
        return new(new(vocabulary, starts, allColumns, values), totals);
    }

    /// <summary>The least weight that leaves no more pairs than <paramref name="most"/>; the last place of the table is for its number and all above.</summary>
    private static long LeastWeight(long[] byWeight, long most, out long kept)
    {
        int least = byWeight.Length;
        kept = 0;
        while (least > 1 && kept + byWeight[least - 1] <= most)
            kept += byWeight[--least];
        return least;
    }

    /// <summary>Is handed one row: its columns, ascending, and the sums by column.</summary>
    private delegate void RowVisitor(int row, ReadOnlySpan<int> columns, long[] sums);

    /// <summary>The rows of the counts, made anew on each visit: cheaper than keeping pairs that may not be wanted.</summary>
    private sealed class Rows
    {
        private readonly int[] tokens, places, starts;
        private readonly int vocabulary, distance;
        private readonly ParallelOptions options;
        private readonly IJobLog log;

        public Rows(int[] tokens, int vocabulary, int distance, ParallelOptions options, IJobLog log)
        {
            (this.tokens, this.vocabulary, this.distance, this.options, this.log) = (tokens, vocabulary, distance, options, log);
            starts = new int[vocabulary + 1];
            foreach (int token in tokens)
            {
                if (token >= 0)
                    starts[token + 1]++;
            }
            for (int token = 0; token < vocabulary; token++)
                starts[token + 1] += starts[token];
            places = GC.AllocateUninitializedArray<int>(starts[vocabulary]);
            int[] next = starts[..^1];
            for (int place = 0; place < tokens.Length; place++)
            {
                if (tokens[place] >= 0)
                    places[next[tokens[place]]++] = place;
            }
        }

        /// <param name="least">Columns of less weight are not shown.</param>
        /// <param name="byWeight">Where given, is added how many pairs there are of each weight.</param>
        public void Visit(string title, long least, long[]? byWeight, RowVisitor visitor)
        {
            using IJobProgress progress = log.Start(title, places.Length, "tokens");
            Parallel.For(
                0, (vocabulary + RowsTogether - 1) / RowsTogether, options, () => new Worker(vocabulary, byWeight?.Length ?? 0), (block, _, worker) =>
                {
                    int first = block * RowsTogether, end = Math.Min(first + RowsTogether, vocabulary);
                    for (int row = first; row < end; row++)
                    {
                        int count = Gather(tokens, places.AsSpan(starts[row]..starts[row + 1]), distance, worker.Sums, worker.Columns);
                        Span<int> columns = Ascending(worker, count);
                        visitor(row, worker.Keep(columns, least), worker.Sums);
                        foreach (int column in columns)
                            worker.Sums[column] = 0;
                    }
                    progress.Advance(starts[end] - starts[first]);
                    return worker;
                },
                worker =>
                {
                    if (byWeight is null)
                        return;
                    lock (byWeight)
                    {
                        for (int weight = 0; weight < byWeight.Length; weight++)
                            byWeight[weight] += worker.ByWeight[weight];
                    }
                });
        }

        private Span<int> Ascending(Worker worker, int count)
        {
            Span<int> columns = worker.Columns.AsSpan(0, count);
            if (count < vocabulary / Sparse)
            {
                columns.Sort();
                return columns;
            }
            int found = 0;
            for (int column = 0; column < vocabulary; column++)
            {
                if (worker.Sums[column] != 0)
                    columns[found++] = column;
            }
            return columns;
        }
    }

    /// <summary>Adds the weights of all that stands around the places to the sums, all 0 before; lists the columns met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Gather(int[] tokens, ReadOnlySpan<int> places, int distance, long[] sums, int[] columns)
    {
        int count = 0;
        foreach (int place in places)
        {
            int first = Math.Max(place - distance, 0);
            long weight = distance + 1L - (place - first);
            foreach (int token in tokens.AsSpan(first, place - first))
            {
                Add(token, weight++);
            }
            weight = distance;
            foreach (int token in tokens.AsSpan(place + 1, Math.Min(distance, tokens.Length - 1 - place)))
                Add(token, weight--);
        }
        return count;

        void Add(int token, long weight)
        {
            if (token < 0)
                return;
            ref long sum = ref sums[token];
            if (sum == 0)
                columns[count++] = token;
            sum += weight;
        }
    }

    /// <summary>What a thread needs for a row.</summary>
    private sealed class Worker(int vocabulary, int weights)
    {
        private readonly int[] kept = new int[vocabulary];

        public long[] Sums { get; } = new long[vocabulary];

        public int[] Columns { get; } = new int[vocabulary];

        public long[] ByWeight { get; } = new long[weights];

        public ReadOnlySpan<int> Keep(ReadOnlySpan<int> columns, long least)
        {
            int count = 0;
            foreach (int column in columns)
            {
                long sum = Sums[column];
                if (ByWeight.Length > 0)
                    ByWeight[Math.Min(sum, ByWeight.Length - 1)]++;
                if (sum >= least)
                    kept[count++] = column;
            }
            return kept.AsSpan(0, count);
        }
    }
}

using Gim.Index.Sort;
using Gim.Progress;

namespace Gim.Tests.Index.Sort;

public class SuffixArrayTests
{
    /// <summary>As it is used.</summary>
    private static readonly SortSettings Plain = new(1);

    /// <summary>Everything small, so that short texts take every way there is.</summary>
    private static SortSettings Small(int threads) => new(threads) { SweepTogetherFrom = 2, Block = 64, ParallelFrom = 0, PairsFrom = 100, Group = 4, Keys = 1 };

    [Fact]
    public void Every_text_of_up_to_eight_symbols_over_three_is_sorted_as_defined()
    {
        foreach (byte[] text in SortTexts.AllUpTo(8))
            AssertSorted(text, "", Plain, Small(1));
    }

    [Fact]
    public void Every_text_of_up_to_six_symbols_over_three_is_sorted_by_several_threads()
    {
        foreach (byte[] text in SortTexts.AllUpTo(6))
            AssertSorted(text, "", Small(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(256)]
    public void Random_texts_are_sorted_as_defined(int alphabet)
    {
        for (int round = 0; round < 60; round++)
        {
            byte[] text = SortTexts.Random(new Random(round).Next(0, 400), alphabet, round);
            AssertSorted(text, $"round {round}", Plain, Small(1), Small(2), Small(3), Small(4));
        }
    }

    [Fact]
    public void Repetitive_texts_are_sorted_as_defined()
    {
        foreach (var (name, text) in SortTexts.Repetitive())
            AssertSorted(text, name, Plain, Small(1), Small(2), Small(3));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(65536)]
    public void Texts_of_16_bits_are_sorted_as_defined(int alphabet)
    {
        var random = new Random(42);
        for (int round = 0; round < 60; round++)
        {
            ushort[] text = new ushort[random.Next(0, 400)];
            for (int i = 0; i < text.Length; i++)
                text[i] = (ushort)random.Next(alphabet);
            int[] expected = SuffixArray.Reference<ushort>(text);
            AssertSorted<ushort>(text, alphabet, expected, "16 bits", Small(2));
            AssertSorted<int>([.. text.Select(symbol => (int)symbol)], alphabet, expected, "16 bits as 32", Small(2));
        }
        AssertSorted<ushort>([.. Enumerable.Range(0, 1500).Select(i => (ushort)i)], 1500, [.. Enumerable.Range(0, 1500)], "ascending", Small(2));
        AssertSorted<ushort>([.. Enumerable.Range(0, 1500).Select(i => (ushort)(1500 - i))], 1501, [.. Enumerable.Range(0, 1500).Reverse()], "descending", Small(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Long_texts_are_sorted(int threads)
    {
        const int Length = 300_000;
        SortSettings settings = new(threads) { SweepTogetherFrom = 2, Block = 1 << 14, ParallelFrom = 1 << 12, Group = 1 << 10 };
        AssertInOrder(SortTexts.Fibonacci(Length), settings);
        AssertInOrder(SortTexts.ThueMorse(Length), settings);
        AssertInOrder(new byte[Length], settings);
        AssertInOrder(SortTexts.Periodic(Length, 1, 0), settings);
        byte[] random = SortTexts.Random(Length / 3, 4, 5);
        AssertInOrder([.. random, .. random, .. random], settings);
        AssertInOrder(SortTexts.Random(Length, 256, 6), settings);
    }

    [Fact]
    public void A_sort_takes_no_more_memory_than_it_says()
    {
        foreach (int threads in (int[])[1, 3])
        {
            foreach (byte[] text in (byte[][])[
                new byte[5000], SortTexts.Fibonacci(5000), SortTexts.Periodic(5000, 1, 0), SortTexts.Random(5000, 2, 1), SortTexts.Random(5000, 256, 1), [1, 0], [0, 1], [1]])
            {
                AssertWithinMemory<byte, int>(text, 256, threads);
                AssertWithinMemory<ushort, long>([.. text.Select(symbol => (ushort)symbol)], 65536, threads);
                AssertWithinMemory<int, int>([.. text.Select(symbol => (int)symbol)], 256, threads);
            }
        }
    }

    [Fact]
    public void A_billion_16_bit_tokens_are_sorted_within_eight_gigabytes()
    {
        const long Length = 1_000_000_000, TokensAndSuffixes = Length * (sizeof(ushort) + sizeof(int));
        long working = InducedSort.WorkingBytes<ushort, int>(Length, ushort.MaxValue + 1, new SortSettings(16));
        Assert.InRange(TokensAndSuffixes + working, TokensAndSuffixes, 8_000_000_000);
    }

    [Fact]
    public void Progress_adds_up_to_the_length()
    {
        foreach (int threads in (int[])[1, 2])
        {
            foreach (byte[] text in (byte[][])[[], [1], [0, 1], new byte[777], SortTexts.Fibonacci(1000), SortTexts.Random(1000, 256, 1)])
            {
                var counted = new CountedProgress();
                Sort<byte>(text, 256, new int[text.Length], Small(threads), new SortProgress(counted), CancellationToken.None);
                Assert.Equal(text.Length, counted.Done);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cancelled_sort_stops(int threads)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SuffixArray.Build<byte, int>(new byte[100], 256, new int[100], Small(threads), stop.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sort_can_be_cancelled_on_its_way(int threads)
    {
        byte[] text = SortTexts.Fibonacci(5000);
        using var stop = new CancellationTokenSource();
        var stopping = new CountedProgress { Told = done => { if (done > 1000) stop.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Sort<byte>(text, 256, new int[text.Length], Small(threads), new SortProgress(stopping), stop.Token));
    }

    [Fact]
    public void Places_must_be_as_many_as_symbols()
        => Assert.Throws<ArgumentException>(() => SuffixArray.Build(new ushort[3], new int[2]));

    private static void AssertSorted(byte[] text, string name, params SortSettings[] all)
    {
        int[] expected = SuffixArray.Reference<byte>(text);
        foreach (SortSettings settings in all)
        {
            int alphabet = text.Append((byte)0).Max() + 1;
            AssertSorted<byte>(text, 256, expected, name, settings);
            AssertSorted<ushort>([.. text.Select(symbol => (ushort)symbol)], alphabet, expected, name, settings);
            AssertSorted<int>([.. text.Select(symbol => (int)symbol)], alphabet, expected, name, settings);
        }
    }

    private static void AssertSorted<TSymbol>(TSymbol[] text, int alphabet, int[] expected, string name, SortSettings settings)
        where TSymbol : unmanaged
    {
        int[] narrow = new int[text.Length];
        SuffixArray.Build<TSymbol, int>(text, alphabet, narrow, settings);
        Check(narrow);
        long[] wide = new long[text.Length];
        SuffixArray.Build<TSymbol, long>(text, alphabet, wide, settings);
        Check(Array.ConvertAll(wide, position => (int)position));

        void Check(int[] actual)
        {
            if (!expected.AsSpan().SequenceEqual(actual))
                Assert.Fail($"{typeof(TSymbol).Name}, {settings.Threads} threads, {name}: text {string.Join(' ', text)}; expected {string.Join(' ', expected)}; was {string.Join(' ', actual)}");
        }
    }

    // Too long for the definition: the order of neighbours is checked instead, which is as much.
    private static void AssertInOrder(byte[] text, SortSettings settings)
    {
        int[] positions = new int[text.Length];
        SuffixArray.Build<byte, int>(text, 256, positions, settings);
        int[] rank = new int[text.Length + 1];
        Array.Fill(rank, -1);
        for (int i = 0; i < positions.Length; i++)
        {
            Assert.Equal(-1, rank[positions[i]]);
            rank[positions[i]] = i;
        }
        for (int i = 1; i < positions.Length; i++)
        {
            int a = positions[i - 1], b = positions[i];
            if (text[a] > text[b] || (text[a] == text[b] && rank[a + 1] >= rank[b + 1]))
                Assert.Fail($"suffixes {a} and {b} at rank {i}");
        }
    }

    private static void AssertWithinMemory<TSymbol, TIndex>(TSymbol[] text, int alphabet, int threads)
        where TSymbol : unmanaged
        where TIndex : unmanaged
    {
        SortSettings settings = Small(threads);
        SuffixArray.Build<TSymbol, TIndex>(text, alphabet, new TIndex[text.Length], settings);
        Assert.Equal(0, settings.Memory.InUse);
        Assert.InRange(settings.Memory.Peak, Math.Min(1, text.Length / 2), InducedSort.WorkingBytes<TSymbol, TIndex>(text.Length, alphabet, settings));
    }

    private static unsafe void Sort<TSymbol>(
        TSymbol[] text, int alphabet, int[] positions, SortSettings settings, SortProgress progress, CancellationToken cancellation)
        where TSymbol : unmanaged
    {
        fixed (TSymbol* symbols = text)
        fixed (int* suffixes = positions)
            InducedSort.Sort(symbols, text.Length, alphabet, suffixes, settings, progress, cancellation);
    }

    private sealed class CountedProgress : IJobProgress
    {
        public long Done { get; private set; }

        public Action<long> Told { get; init; } = _ => { };

        public void Advance(long units)
        {
            Done += units;
            Told(Done);
        }

        public void Dispose()
        {
        }
    }
}

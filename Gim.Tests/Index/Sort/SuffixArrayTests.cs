using Gim.Index.Sort;

namespace Gim.Tests.Index.Sort;

public class SuffixArrayTests
{
    [Fact]
    public void Every_text_of_up_to_eight_symbols_over_three_is_sorted_as_defined()
    {
        for (int length = 0; length <= 8; length++)
        {
            int texts = (int)Math.Pow(3, length);
            for (int number = 0; number < texts; number++)
            {
                ushort[] text = new ushort[length];
                for (int i = 0, rest = number; i < length; i++, rest /= 3)
                    text[i] = (ushort)(rest % 3);
                AssertSorted(text);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(65536)]
    public void Random_texts_are_sorted_as_defined(int alphabet)
    {
        var random = new Random(42);
        for (int round = 0; round < 200; round++)
        {
            ushort[] text = new ushort[random.Next(0, 400)];
            for (int i = 0; i < text.Length; i++)
                text[i] = (ushort)random.Next(alphabet);
            AssertSorted(text);
        }
    }

    [Fact]
    public void Repetitive_texts_are_sorted_as_defined()
    {
        AssertSorted(new ushort[1000]);
        AssertSorted(Enumerable.Repeat(ushort.MaxValue, 777).ToArray());
        AssertSorted(Enumerable.Range(0, 1001).Select(i => (ushort)(i % 2)).ToArray());
        AssertSorted(Enumerable.Range(0, 1001).Select(i => (ushort)(1 - i % 2)).ToArray());
        AssertSorted(Enumerable.Range(0, 1500).Select(i => (ushort)i).ToArray());
        AssertSorted(Enumerable.Range(0, 1500).Select(i => (ushort)(1500 - i)).ToArray());
        AssertSorted(Fibonacci(1597));
    }

    [Fact]
    public void A_long_text_of_repeats_is_sorted()
    {
        // Too long for the definition: the order of neighbours is checked instead, which is as much.
        ushort[] text = Fibonacci(400_000);
        int[] positions = new int[text.Length];
        SuffixArray.Build(text, positions);
        bool[] seen = new bool[text.Length];
        int[] rank = new int[text.Length + 1];
        rank[text.Length] = -1;
        for (int i = 0; i < positions.Length; i++)
        {
            Assert.False(seen[positions[i]]);
            seen[positions[i]] = true;
            rank[positions[i]] = i;
        }
        for (int i = 1; i < positions.Length; i++)
        {
            int a = positions[i - 1], b = positions[i];
            bool inOrder = text[a] < text[b] || (text[a] == text[b] && rank[a + 1] < rank[b + 1]);
            Assert.True(inOrder, $"suffixes {a} and {b} at rank {i}");
        }
    }

    [Fact]
    public void A_cancelled_sort_stops()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => SuffixArray.Build(new ushort[100], new int[100], stop.Token));
    }

    [Fact]
    public void Places_must_be_as_many_as_symbols()
        => Assert.Throws<ArgumentException>(() => SuffixArray.Build(new ushort[3], new int[2]));

    private static void AssertSorted(ushort[] text)
    {
        int[] expected = SuffixArray.Reference(text);
        int[] actual = new int[text.Length];
        SuffixArray.Build(text, actual);
        Assert.Equal(expected, actual);

        int[] wide = [.. text.Select(symbol => (int)symbol)];
        int[] fromWide = new int[text.Length];
        SuffixArray.Build(wide, wide.Append(0).Max() + 1, fromWide);
        Assert.Equal(expected, fromWide);
    }

    /// <summary>The word in which every factor repeats most.</summary>
    private static ushort[] Fibonacci(int length)
    {
        List<ushort> before = [1], word = [0];
        while (word.Count < length)
            (before, word) = (word, [.. word, .. before]);
        return [.. word.Take(length)];
    }
}

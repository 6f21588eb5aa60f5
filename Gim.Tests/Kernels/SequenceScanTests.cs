using Gim.Kernels.Sequences;

namespace Gim.Tests.Kernels;

public class SequenceScanTests
{
    public static TheoryData<int> Lengths()
    {
        var lengths = new TheoryData<int>();
        foreach (int width in (int[])[4, 8, 16, 32])
        {
            foreach (int length in (int[])[width - 1, width, width + 1])
                lengths.Add(length);
        }
        foreach (int length in (int[])[0, 1, 2, 63, 100, 257, 1000])
            lengths.Add(length);
        return lengths;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void IndexesOf_finds_what_the_definition_finds(int length)
    {
        var random = new Random(42);
        for (int round = 0; round < 50; round++)
        {
            int[] values = new int[length];
            for (int i = 0; i < length; i++)
                values[i] = random.Next(-1, 1 + round % 5);
            int[] expected = new int[length], actual = new int[length];
            int wanted = random.Next(-1, 3);
            int count = SequenceScanReference.IndexesOf(values, wanted, expected);
            Assert.Equal(count, SequenceScan.IndexesOf(values, wanted, actual));
            Assert.Equal(expected[..count], actual[..count]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void CommonSuffixLength_is_the_definitions_at_every_place_of_difference(int length)
    {
        int[] first = Enumerable.Range(0, length).ToArray();
        Assert.Equal(length, SequenceScan.CommonSuffixLength(first, first));
        for (int differing = 0; differing < length; differing++)
        {
            int[] second = [.. first];
            second[differing]++;
            int expected = SequenceScanReference.CommonSuffixLength(first, second);
            Assert.Equal(length - 1 - differing, expected);
            Assert.Equal(expected, SequenceScan.CommonSuffixLength(first, second));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void CommonSuffixLength_takes_sequences_of_different_lengths(int length)
    {
        var random = new Random(42);
        int[] long_ = new int[length + 40];
        for (int i = 0; i < long_.Length; i++)
            long_[i] = random.Next(2);
        int[] ending = long_[40..];
        Assert.Equal(length, SequenceScan.CommonSuffixLength(ending, long_));
        Assert.Equal(length, SequenceScan.CommonSuffixLength(long_, ending));
    }

    [Fact]
    public void IndexesOf_refuses_too_little_room()
        => Assert.Throws<ArgumentException>(() => SequenceScan.IndexesOf([1, 2, 3], 1, new int[2]));
}

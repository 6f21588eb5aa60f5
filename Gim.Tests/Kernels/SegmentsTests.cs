using Gim.Kernels.Sequences;

namespace Gim.Tests.Kernels;

public class SegmentsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(100, 1)]
    [InlineData(1000, 17)]
    [InlineData(1000, 1_000_000)]
    public void Positions_are_grouped_by_value_in_their_order(int count, int values)
    {
        var random = new Random(42);
        int[] tokens = [.. Enumerable.Range(0, count).Select(_ => random.Next(-values, values))];
        Segments segments = Segments.Of(tokens);
        IGrouping<int, int>[] expected = [.. Enumerable.Range(0, count).GroupBy(position => tokens[position]).OrderBy(group => group.Key)];
        Assert.Equal(expected.Select(group => group.Key), segments.Values);
        Assert.Equal(expected.SelectMany(group => group), segments.Order);
        Assert.Equal(expected.Length + 1, segments.Starts.Length);
        for (int s = 0; s < expected.Length; s++)
            Assert.Equal(expected[s], segments.Order[segments.Starts[s]..segments.Starts[s + 1]]);
    }

    [Fact]
    public void The_extreme_values_are_values_too()
    {
        Segments segments = Segments.Of([int.MaxValue, -1, int.MinValue, 0, -1]);
        Assert.Equal([int.MinValue, -1, 0, int.MaxValue], segments.Values);
        Assert.Equal([2, 1, 4, 3, 0], segments.Order);
        Assert.Equal([0, 1, 3, 4, 5], segments.Starts);
    }
}

using Gim.Index;
using Gim.Index.Build;
using Gim.Index.Sort;

namespace Gim.Tests.Index.Build;

/// <summary>The arithmetic of how much memory a shard takes.</summary>
public class BuildMemoryTests
{
    [Theory]
    [InlineData(TokenWidth.U8, 257)]
    [InlineData(TokenWidth.U16, 50257)]
    [InlineData(TokenWidth.U32, 200_000)]
    public void A_shard_takes_all_of_the_memory_and_no_more(TokenWidth width, int vocabulary)
    {
        foreach (int threads in (int[])[1, 2, 64])
        {
            for (long memory = 600_000_000; memory < 20_000_000_000; memory += 777_777_777)
            {
                long tokens = BuildMemory.ShardTokens(memory, width, vocabulary, threads);
                Assert.InRange(tokens, 1, BuildMemory.LongestShard);
                Assert.True(BuildMemory.Needed(tokens, width, vocabulary, threads) <= memory);
                Assert.True(tokens == BuildMemory.LongestShard || BuildMemory.Needed(tokens + 1, width, vocabulary, threads) > memory);
            }
        }
    }

    [Fact]
    public void Only_the_memory_limits_a_shard()
    {
        Assert.Equal(BuildMemory.LongestShard, BuildMemory.ShardTokens(long.MaxValue / 2, TokenWidth.U16, 50257, 2));
        // Past 2^31 positions take twice the bytes: some memory is left unused before that pays.
        long narrow = BuildMemory.Needed(SuffixArray.MaxLength, TokenWidth.U16, 50257, 2), wide = BuildMemory.Needed(SuffixArray.MaxLength + 1L, TokenWidth.U16, 50257, 2);
        Assert.True(wide > narrow + 4 * (long)SuffixArray.MaxLength);
        Assert.Equal(SuffixArray.MaxLength, BuildMemory.ShardTokens(narrow, TokenWidth.U16, 50257, 2));
        Assert.Equal(SuffixArray.MaxLength, BuildMemory.ShardTokens(wide - 1, TokenWidth.U16, 50257, 2));
        Assert.Equal(SuffixArray.MaxLength + 1L, BuildMemory.ShardTokens(wide, TokenWidth.U16, 50257, 2));
    }

    [Fact]
    public void Sorting_takes_symbols_and_positions_at_least()
    {
        Assert.InRange(BuildMemory.Sorting(100_000_000, TokenWidth.U8, 257, 2), 500_000_000, 1_000_000_000);
        Assert.InRange(BuildMemory.Sorting(100_000_000, TokenWidth.U16, 50257, 2), 600_000_000, 1_100_000_000);
        Assert.InRange(BuildMemory.Sorting(100_000_000, TokenWidth.U32, 200_000, 2), 800_000_000, 1_300_000_000);
    }

    [Fact]
    public void Too_little_memory_is_refused_with_what_suffices()
    {
        InputException problem = Assert.Throws<InputException>(() => BuildMemory.ShardTokens(20_000_000, TokenWidth.U16, 50257, 2));
        Assert.Contains("\"memory\" 0.02 GB is too small", problem.Message, StringComparison.Ordinal);
        string least = problem.Message.Split("at least ")[1].Split(';')[0];
        long bytes = (long)(double.Parse(least, System.Globalization.CultureInfo.InvariantCulture) * 1e9);
        Assert.InRange(bytes, 50_000_000, 300_000_000);
        Assert.True(BuildMemory.ShardTokens(bytes, TokenWidth.U16, 50257, 2) >= 1 << 20);
        Assert.Throws<InputException>(() => BuildMemory.ShardTokens(bytes - 10_000_000, TokenWidth.U16, 50257, 2));
    }

    [Fact]
    public void The_default_is_never_too_small()
        => Assert.True(BuildMemory.ShardTokens(null, TokenWidth.U32, 2_000_000, 1024) >= 1 << 20);
}

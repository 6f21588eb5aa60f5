namespace Gim.Tests.Index.Sort;

/// <summary>Texts that are hard on a suffix sorter; symbols fit in a byte.</summary>
internal static class SortTexts
{
    /// <summary>Every text of up to so many symbols over 0, 1 and 2.</summary>
    public static IEnumerable<byte[]> AllUpTo(int longest)
    {
        for (int length = 0; length <= longest; length++)
        {
            int texts = (int)Math.Pow(3, length);
            for (int number = 0; number < texts; number++)
            {
                byte[] text = new byte[length];
                for (int i = 0, rest = number; i < length; i++, rest /= 3)
                    text[i] = (byte)(rest % 3);
                yield return text;
            }
        }
    }

    /// <summary>A name and a text each.</summary>
    public static IEnumerable<(string Name, byte[] Text)> Repetitive()
    {
        foreach (int length in (int[])[1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000])
        {
            yield return ($"{length} times 0", new byte[length]);
            yield return ($"{length} times 255", Periodic(length, 255));
            yield return ($"{length} of 0 1", Periodic(length, 0, 1));
            yield return ($"{length} of 1 0", Periodic(length, 1, 0));
            yield return ($"{length} of 7 200 7 7 9", Periodic(length, 7, 200, 7, 7, 9));
            yield return ($"{length} of Fibonacci", Fibonacci(length));
            yield return ($"{length} of Thue-Morse", ThueMorse(length));
        }
        yield return ("ascending", [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        yield return ("descending", [.. Enumerable.Range(0, 256).Select(i => (byte)(255 - i))]);
        yield return ("ascending twice", [.. Enumerable.Range(0, 512).Select(i => (byte)i)]);
        yield return ("runs of zeros of every length", Runs(40, run => run));
        yield return ("runs of zeros of every length, the longest first", Runs(40, run => 40 - run));
        yield return ("equal long runs", Runs(6, _ => 300));
        yield return ("the same twice", [.. Random(400, 4, 1), .. Random(400, 4, 1)]);
        yield return ("the same five times", [.. Enumerable.Repeat(Random(150, 3, 2), 5).SelectMany(text => text)]);
        yield return ("long stairs, twice", [.. Stairs(), .. Stairs()]);
        yield return ("a random text, its symbols doubled", [.. Random(300, 3, 3).SelectMany(symbol => new[] { symbol, symbol })]);
    }

    public static byte[] Random(int length, int alphabet, int seed)
    {
        var random = new Random(seed);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
            text[i] = (byte)random.Next(alphabet);
        return text;
    }

    public static byte[] Periodic(int length, params byte[] period) => [.. Enumerable.Range(0, length).Select(i => period[i % period.Length])];

    /// <summary>The word in which every factor repeats most.</summary>
    public static byte[] Fibonacci(int length)
    {
        List<byte> before = [1], word = [0];
        while (word.Count < length)
            (before, word) = (word, [.. word, .. before]);
        return [.. word.Take(length)];
    }

    /// <summary>The word in which nothing comes three times in a row.</summary>
    public static byte[] ThueMorse(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(int.PopCount(i) & 1))];

    // Zeros, each run ended by a 1.
    private static byte[] Runs(int count, Func<int, int> length)
        => [.. Enumerable.Range(0, count).SelectMany(run => Enumerable.Repeat((byte)0, length(run)).Append((byte)1))];

    // Up and down all symbols, so that leftmost-S positions are 500 apart.
    private static IEnumerable<byte> Stairs()
        => Enumerable.Range(0, 250).Concat(Enumerable.Range(0, 250).Select(i => 250 - i)).Select(i => (byte)i);
}

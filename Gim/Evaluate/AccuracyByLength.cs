namespace Gim.Evaluate;

/// <summary>Examples whose match had a length of a class, and how many of them were predicted.</summary>
internal readonly record struct LengthClass(int From, int To, int Examples, int Right)
{
    /// <summary>The lengths, for people.</summary>
    public string Label => From == To ? $"{From}" : To == int.MaxValue ? $"{From} or more" : $"{From} to {To}";

    public double Accuracy => (double)Right / Examples;
}

/// <summary>Recall@1 of a model by effective n, in classes that double.</summary>
internal sealed class AccuracyByLength
{
    private static readonly int[] Starts = [0, 1, 2, 3, 4, 5, 9, 17, 33, 65];

    private readonly int[] examples = new int[Starts.Length], right = new int[Starts.Length];

    public IReadOnlyList<LengthClass> Classes =>
        [.. Starts.Select((start, i) => new LengthClass(start, i + 1 < Starts.Length ? Starts[i + 1] - 1 : int.MaxValue, examples[i], right[i]))];

    public void Add(in PredictionScore row)
    {
        int place = Array.BinarySearch(Starts, row.SuffixLen);
        place = place < 0 ? ~place - 1 : place;
        examples[place]++;
        right[place] += row.Recall1 ? 1 : 0;
    }
}

using Gim.Index;

namespace Gim.Tests.Index.Query;

/// <summary>A corpus whose documents are dealt to shards one after another, in an index of one or several shards.</summary>
internal sealed class ShardedCorpus : IDisposable
{
    private static readonly int[] Alphabets = [2, 3, 6, 40];

    private readonly TemporaryFolder folder = new();

    public ShardedCorpus(int[][] documents, int endOfText, int shards = 1, TokenWidth width = TokenWidth.U16, bool reversed = false)
    {
        int[][][] parts = [.. Enumerable.Range(0, shards).Select(s => documents.Where((_, d) => d % shards == s).ToArray())];
        Documents = [.. parts.SelectMany(part => part)];
        EndOfText = endOfText;
        Plain = new TestCorpus(Documents, endOfText);
        for (int s = 0; s < shards; s++)
        {
            using var part = new TemporaryFolder();
            int[][] stored = reversed ? [.. parts[s].Select(document => document.Reverse().ToArray())] : parts[s];
            new TestCorpus(stored, endOfText).Build(part.Path, width, width == TokenWidth.U8 ? 255 : 1000).Dispose();
            foreach (string path in Directory.GetFiles(part.Path, "*.0"))
                File.Copy(path, folder[$"{Path.GetFileNameWithoutExtension(path)}.{s}"]);
        }
        Index = CorpusIndex.Open(folder.Path, width, endOfText, reversed);
    }

    /// <summary>All documents in the order of their numbers.</summary>
    public int[][] Documents { get; }

    public int EndOfText { get; }

    /// <summary>What looking everywhere gives.</summary>
    public TestCorpus Plain { get; }

    public CorpusIndex Index { get; }

    public string Folder => folder.Path;

    /// <summary>Corpora that are hard on searches by ranks, places or ends, each with the size of its alphabet.</summary>
    public static IEnumerable<(string Name, int[][] Documents, int Alphabet)> Adversarial()
    {
        yield return ("one token", [[.. Enumerable.Repeat(3, 40)]], 5);
        yield return ("one token in short documents", [.. Enumerable.Range(0, 12).Select(length => Enumerable.Repeat(3, length).ToArray())], 5);
        yield return ("Fibonacci", [Fibonacci(60), Fibonacci(13), Fibonacci(34)], 3);
        yield return ("all different", [[.. Enumerable.Range(0, 50)], [.. Enumerable.Range(0, 50).Reverse()]], 50);
        yield return ("empty documents", [[], [1], [], [], [1, 2], [], [2], []], 3);
        yield return ("only empty documents", [[], [], []], 3);
        yield return ("two in turn", [[.. Enumerable.Range(0, 31).Select(i => i % 2)], [1], [0, 1], [1, 0]], 3);
    }

    /// <summary>The corpora of <see cref="Adversarial"/> and random ones, in one shard, in three, and in two stored in reversed order.</summary>
    public static IEnumerable<(string Name, ShardedCorpus Corpus, int Alphabet)> All(int seed, int random)
    {
        var source = new Random(seed);
        var corpora = Adversarial().Concat(Enumerable.Range(0, random).Select(i =>
        {
            int alphabet = Alphabets[i % Alphabets.Length];
            return ($"random {i}", TestCorpus.Random(source, alphabet, 12, 30).Documents, alphabet);
        }));
        foreach ((string name, int[][] documents, int alphabet) in corpora)
        {
            foreach (int shards in (int[])[1, 2, 3])
            {
                if (documents.Length < shards)
                    continue;
                using var corpus = new ShardedCorpus(documents, alphabet, shards, shards == 3 ? TokenWidth.U8 : TokenWidth.U16, reversed: shards == 2);
                yield return ($"{name}, {shards} shards", corpus, alphabet);
            }
        }
    }

    /// <summary>Mostly pieces of the corpus, so that queries of every length occur, some with their last token changed; else random tokens.</summary>
    public int[] RandomQuery(Random random, int alphabet, int longest = 6)
    {
        int[] document = Documents[random.Next(Documents.Length)];
        if (document.Length == 0 || random.Next(4) == 0)
            return [.. Enumerable.Range(0, random.Next(0, longest)).Select(_ => random.Next(alphabet + 1))];
        int start = random.Next(document.Length);
        int[] piece = document[start..(start + random.Next(0, Math.Min(longest, document.Length - start) + 1))];
        if (piece.Length > 0 && random.Next(4) == 0)
            piece[^1] = random.Next(alphabet + 1);
        return piece;
    }

    private static int[] Fibonacci(int length)
    {
        string word = "1", before = "0";
        while (word.Length < length)
            (word, before) = (word + before, word);
        return [.. word[..length].Select(letter => letter - '0')];
    }

    public void Dispose()
    {
        Index.Dispose();
        folder.Dispose();
    }
}

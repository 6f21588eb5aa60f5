using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;

namespace Gim.Tests.Index;

/// <summary>Documents of token ids, as a built index and as the plain loops that say what it must answer.</summary>
internal sealed class TestCorpus(int[][] documents, int endOfText)
{
    public int[][] Documents => documents;

    public int EndOfText => endOfText;

    /// <summary>Builds the index in a folder.</summary>
    public CorpusIndex Build(string folder, TokenWidth width = TokenWidth.U16, int vocabularySize = 60000)
    {
        using var writer = new IndexWriter(folder, width, vocabularySize);
        for (int i = 0; i < documents.Length; i++)
            writer.Append(documents[i], $"{{\"path\": \"test\", \"linenum\": {i}, \"metadata\": {{}}}}");
        writer.Finish(new IndexTokenizer("test", "none"), endOfText, "key", SilentLog.Instance, CancellationToken.None);
        return CorpusIndex.Open(folder);
    }

    /// <summary>Occurrences of a query that holds no separator, counted by looking everywhere.</summary>
    public long Count(ReadOnlySpan<int> query)
    {
        if (query.IsEmpty)
            return documents.Sum(document => document.Length + 1L);
        long count = 0;
        foreach (int[] document in documents)
        {
            for (int i = 0; i + query.Length <= document.Length; i++)
                count += document.AsSpan(i, query.Length).SequenceEqual(query) ? 1 : 0;
        }
        return count;
    }

    /// <summary>What follows a query, by looking everywhere.</summary>
    public SortedDictionary<int, long> NextTokens(ReadOnlySpan<int> query)
    {
        var counts = new SortedDictionary<int, long>();
        void Add(int token) => counts[token] = counts.GetValueOrDefault(token) + 1;
        foreach (int[] document in documents)
        {
            if (query.IsEmpty)
                Add(endOfText);
            for (int i = 0; i + query.Length <= document.Length; i++)
            {
                if (query.IsEmpty && i == document.Length)
                    break;
                if (document.AsSpan(i, query.Length).SequenceEqual(query))
                    Add(i + query.Length < document.Length ? document[i + query.Length] : endOfText);
            }
        }
        return counts;
    }

    public static TestCorpus Random(Random random, int alphabet, int maxDocuments, int maxLength)
    {
        int[][] documents = new int[random.Next(1, maxDocuments + 1)][];
        for (int d = 0; d < documents.Length; d++)
        {
            documents[d] = new int[random.Next(0, maxLength + 1)];
            for (int i = 0; i < documents[d].Length; i++)
                documents[d][i] = random.Next(alphabet);
        }
        return new TestCorpus(documents, alphabet);
    }
}

using Gim.Progress;
using Gim.Text;

namespace Gim.Tests.Text;

/// <summary>Documents of a test.</summary>
internal sealed class MemorySource(params string[] texts) : IDocumentSource
{
    public string Name => "memory";

    public string Fingerprint => "memory";

    public long TotalBytes => texts.Sum(text => (long)text.Length);

    public IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        for (int i = 0; i < texts.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            counts.AddDocument();
            yield return new Document(texts[i], "memory", i);
        }
    }
}

/// <summary>One token a word, a number below V: text and tokens are easily told from each other.</summary>
internal sealed class NumberTokenizer(int vocabularySize) : Tokenizer
{
    public override string Name => "numbers";

    public override int VocabularySize => vocabularySize;

    public override int EndOfText => vocabularySize - 1;

    public override string Hash => "numbers";

    public override int[] Encode(string text)
        => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => int.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];

    public override string Decode(ReadOnlySpan<int> tokens) => string.Join(' ', tokens.ToArray());
}

/// <summary>A log that keeps warnings.</summary>
internal sealed class WarningLog : IJobLog
{
    public List<string> Warnings { get; } = [];

    public void Info(string line) { }

    public void Warn(string line) => Warnings.Add(line);

    public IJobProgress Start(string title, long total, string unit) => SilentLog.Instance.Start(title, total, unit);
}

using Gim.Text;

namespace Gim.Fmri.Simulation;

/// <summary>
/// Passages out of a text's documents, each out of another document: consecutive lines of prose, from the document's first
/// on. What passages say is so of its own kind, as parts of stories are.
/// </summary>
internal sealed class PassageText : IDisposable
{
    /// <summary>Lines with fewer words are headings and signatures.</summary>
    private const int LeastWords = 8;

    /// <summary>How far a passage goes on, in words, to end with a sentence.</summary>
    private const int MostMore = 12;

    private readonly string name;
    private readonly IEnumerator<Document> documents;
    private int passages;

    public PassageText(IDocumentSource source, CancellationToken cancellation)
    {
        name = source.Name;
        documents = source.Read(new SourceCounts(), cancellation: cancellation).GetEnumerator();
    }

    /// <summary>The next passage.</summary>
    /// <param name="seconds">About how long telling it takes (<see cref="Narrator.Expected"/>).</param>
    /// <exception cref="InputException">No document is left that is long enough.</exception>
    public Passage Next(double seconds)
    {
        while (documents.MoveNext())
        {
            if (Words(documents.Current.Text, seconds) is { } words)
                return new Passage(passages++, words);
        }
        throw new InputException($"{name} has text for {passages} passages, and the simulated stories need more; simulate fewer or shorter stories");
    }

    public void Dispose() => documents.Dispose();

    /// <summary>Null where the document has too few words.</summary>
    internal static PassageWord[]? Words(string text, double seconds)
    {
        var words = new List<PassageWord>();
        int enough = 0;
        double told = 0;
        foreach (string line in text.Split('\n'))
        {
            string[] written = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (written.Length < LeastWords)
                continue;
            for (int i = 0; i < written.Length; i++)
            {
                foreach (PassageWord word in Spoken(written[i], i == written.Length - 1))
                {
                    words.Add(word);
                    told += Narrator.Expected(word);
                    enough += told >= seconds ? 1 : 0;
                    if (enough > MostMore || (enough > 0 && word.EndsSentence))
                        return [.. words];
                }
            }
        }
        return null;
    }

    /// <summary>What one written word is read out as: <c>System.String</c> as two words.</summary>
    /// <param name="last">Whether it is the last of its line, where a sentence ends.</param>
    private static IEnumerable<PassageWord> Spoken(string written, bool last)
    {
        string spoken = TextTransforms.Apply(written, TextTransform.LowerCaseWithoutPunctuation);
        if (spoken.Length == 0)
            yield break;
        string bare = written.TrimEnd('.', ',', ';', ':', '!', '?', ')', '"');
        bool name = bare.AsSpan(1..).ContainsAnyInRange('A', 'Z') || bare.AsSpan(1..).Contains('.');
        bool ends = last || written[^1] is '.' or '!' or '?';
        string[] parts = spoken.Split(' ');
        for (int i = 0; i < parts.Length; i++)
            yield return new PassageWord(parts[i], written.AsSpan().ContainsAnyInRange('A', 'Z'), name, ends && i == parts.Length - 1);
    }
}

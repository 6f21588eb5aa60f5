using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Text;

namespace Gim.Fmri.Features;

/// <summary>
/// Word vectors in the manner of English1000, from any text: for each word of the stories, how often it stands within 15 words
/// of each of the 985 most frequent words of the training stories; log(1 + n), columns standardised over the words, then each
/// word's vector. A word that no text has is no part of the vocabulary.
/// </summary>
internal sealed class CooccurrenceVectors : IWordVectors
{
    public const int PublishedContexts = 985, PublishedDistance = 15;

    private readonly Dictionary<string, int> words;
    private readonly Matrix vectors;

    private CooccurrenceVectors(Dictionary<string, int> words, Matrix vectors)
    {
        this.words = words;
        this.vectors = vectors;
    }

    public int Columns => vectors.Columns;

    /// <summary>Words with a vector.</summary>
    public int Words => words.Count;

    /// <summary>Counts in the training stories and in the texts of <paramref name="sources"/>, taken in lower case without punctuation.</summary>
    /// <param name="training">Stories whose words decide what is counted.</param>
    /// <param name="others">Stories whose words get vectors too, but whose text is not counted in.</param>
    /// <param name="sources">More text; windows do not cross its documents.</param>
    /// <param name="contexts">How many words to count; fewer where the training stories have not so many.</param>
    /// <param name="distance">Words to each side that count.</param>
    /// <param name="log">Where to say what was read and left out.</param>
    /// <param name="cancellation">Is asked for every document.</param>
    /// <exception cref="InputException">A source cannot be read, or the training stories have no word.</exception>
    public static CooccurrenceVectors Count(
        IReadOnlyList<Story> training, IReadOnlyList<Story> others, IReadOnlyList<IDocumentSource> sources, int contexts, int distance,
        IJobLog log, CancellationToken cancellation)
    {
        string[] frequent = [.. training.SelectMany(story => story.Words).CountBy(word => word.Text)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)];
        if (frequent.Length == 0)
            throw new InputException("the training stories have no word to make vectors of; check their transcripts");
        string[] more = [.. others.SelectMany(story => story.Words).Select(word => word.Text).Distinct().Except(frequent).Order(StringComparer.Ordinal)];
        var counts = new CooccurrenceCounts([.. frequent, .. more], frequent[..Math.Min(contexts, frequent.Length)], distance);
        long all = 0;
        foreach (Story story in training)
        {
            counts.Add([.. story.Words.Select(word => counts.IdOf(word.Text))]);
            all += story.Words.Count;
        }
        var ids = new List<int>();
        foreach (IDocumentSource source in sources)
        {
            var skipped = new SourceCounts();
            using IJobProgress progress = log.Start($"counting words of {source.Name}", source.TotalBytes, "bytes");
            foreach (Document document in source.Read(skipped, progress, cancellation))
            {
                ids.Clear();
                ReadOnlySpan<char> text = TextTransforms.Apply(document.Text, TextTransform.LowerCaseWithoutPunctuation);
                foreach (Range word in text.Split(' '))
                    ids.Add(counts.IdOf(text[word]));
                counts.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
                all += ids.Count;
            }
            skipped.Report(source.Name, log);
        }
        CooccurrenceVectors vectors = Of(counts, [.. frequent, .. more]);
        log.Info($"word vectors: {vectors.Words:N0} words of the stories beside {counts.Contexts:N0} frequent ones, in {all:N0} words of text");
        return vectors;
    }

    public ReadOnlySpan<float> Of(string word) => words.TryGetValue(word, out int row) ? vectors.Row(row) : [];

    internal static CooccurrenceVectors Of(CooccurrenceCounts counts, IReadOnlyList<string> vocabulary)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = new List<int>();
        for (int word = 0; word < counts.Words; word++)
        {
            if (!counts.Of(word).ContainsAnyExcept(0))
                continue;
            words.Add(vocabulary[word], kept.Count);
            kept.Add(word);
        }
        var vectors = new Matrix(kept.Count, counts.Contexts);
        for (int row = 0; row < vectors.Rows; row++)
        {
            ReadOnlySpan<long> from = counts.Of(kept[row]);
            for (int column = 0; column < from.Length; column++)
                vectors[row, column] = (float)Math.Log(1.0 + from[column]);
        }
        Standardization.Columns(vectors);
        Standardization.Rows(vectors);
        return new CooccurrenceVectors(words, vectors);
    }
}

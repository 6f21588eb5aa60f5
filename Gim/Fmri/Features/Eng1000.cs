using Gim.Config;
using Gim.Fmri.Responses;

namespace Gim.Fmri.Features;

/// <summary>
/// Word vectors from an HDF5 file as ds003020's <c>english1000sm.hf5</c>: <c>data</c> [columns, words], <c>vocab</c> [words].
/// Its 985 columns count in how far a word keeps company with each of 985 common words (Huth et al. 2016).
/// </summary>
internal sealed class Eng1000 : IWordVectors
{
    private readonly Dictionary<string, int> words;

    /// <summary>[words, columns]</summary>
    private readonly Matrix vectors;

    private Eng1000(Dictionary<string, int> words, Matrix vectors)
    {
        this.words = words;
        this.vectors = vectors;
    }

    public int Columns => vectors.Columns;

    /// <exception cref="InputException">The file cannot be read, is laid out otherwise, or holds values that are not finite.</exception>
    public static Eng1000 Read(string path)
    {
        using HdfFile file = HdfFile.Open(path);
        HdfDataset data = file.Dataset("data");
        string[] vocabulary = file.Dataset("vocab").ReadStrings();
        long[] shape = data.Shape;
        if (!data.IsFloat || shape.Length != 2 || shape[1] != vocabulary.Length || shape[0] < 1 || shape[0] * (double)shape[1] > Array.MaxLength)
        {
            throw new InputException(
                $"{file.Path}: 'data' is [{string.Join(", ", shape)}] beside {vocabulary.Length} words in 'vocab', where floats [columns, words] were expected; give a file as english1000sm.hf5 is");
        }
        var stored = new Matrix((int)shape[0], vocabulary.Length);
        data.Read(null, stored.Rows, 0, stored.Columns, stored.Values);
        var vectors = new Matrix(stored.Columns, stored.Rows);
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int word = 0; word < vectors.Rows; word++)
        {
            for (int column = 0; column < vectors.Columns; column++)
            {
                float value = stored[column, word];
                if (!float.IsFinite(value))
                    throw new InputException($"{file.Path}: 'data' is {value} in row {column} for the word {Quote.Of(vocabulary[word])}, where finite numbers were expected; fetch the file again");
                vectors[word, column] = value;
            }
            words.TryAdd(vocabulary[word].TrimEnd('\0').ToLowerInvariant(), word);
        }
        return new Eng1000(words, vectors);
    }

    public ReadOnlySpan<float> Of(string word) => words.TryGetValue(word, out int row) ? vectors.Row(row) : [];
}

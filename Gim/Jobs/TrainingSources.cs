using Gim.Config;
using Gim.Progress;
using Gim.Report;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Text;
using Gim.Train.Data;
using Gim.Train.Start;

namespace Gim.Jobs;

/// <summary>The text of a training run, and the token embeddings that it begins with.</summary>
internal static class TrainingSources
{
    /// <summary>Reads the sources in their order; which documents are held out follows from the seed.</summary>
    /// <exception cref="InputException">A source cannot be read, or two have one name.</exception>
    public static IReadOnlyList<TrainingText> Read(
        TrainConfig config, IReadOnlyList<TrainingSourceConfig> configs, Tokenizer tokenizer, RunFolder folder, int threads, IJobLog log, CancellationToken cancellation)
    {
        var own = new OwnFolders(folder.Path, folder.Path);
        // All before the first is read, which may take long: a wrong path should be said at once.
        IDocumentSource[] sources = [.. configs.Select(source => SourceFactory.Create(source.Source, own))];
        string[] names = [.. configs.Select(Name)];
        if (names.FirstOrDefault(name => name.Any(char.IsControl) || name.Length == 0) is { } odd)
            throw new InputException($"one of \"sources\" is named {Quote.Of(odd)}; a name is one line of text without control characters");
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InputException($"two of \"sources\" are named '{twice.Key}'; give them different names (\"name\")");
        if (names.Contains(Gim.Train.RecentSteps.SetName))
            throw new InputException($"one of \"sources\" is named '{Gim.Train.RecentSteps.SetName}', which metrics.csv calls the training steps; choose another name");
        var sides = new DocumentSides();
        return [.. sources.Select((source, i) => TrainingText.Read(
            names[i], source, tokenizer, config.ValidationShare, config.Seed, sides, threads, log, cancellation))];
    }

    /// <returns>[vocabulary, columns]; null: random.</returns>
    /// <exception cref="InputException">The file has no such matrix.</exception>
    public static float[]? Embedding(
        TrainConfig config, IReadOnlyList<WeightedTokens> tokens, Tokenizer tokenizer, int threads, IJobLog log, CancellationToken cancellation)
    {
        switch (config.Start)
        {
            case RandomStartConfig:
                return null;
            case CooccurrenceStartConfig cooccurrence:
                return CooccurrenceEmbedding.Compute(
                    tokens, tokenizer.VocabularySize, config.Model.Columns, cooccurrence.Distance, cooccurrence.Tokens, config.Seed, threads, log, cancellation);
            case FileStartConfig file:
                WeightFile weights = WeightFiles.Read(file.Path);
                int[] shape = weights[file.Tensor].Shape, wanted = [tokenizer.VocabularySize, config.Model.Columns];
                if (!shape.AsSpan().SequenceEqual(wanted))
                    throw new InputException($"{file.Path}: the tensor '{file.Tensor}' is [{string.Join(", ", shape)}] where tokenizer and \"model.columns\" ask for [{string.Join(", ", wanted)}]");
                return weights.Values(file.Tensor);
            default:
                throw new ArgumentOutOfRangeException(nameof(config), config.Start.GetType().Name);
        }
    }

    private static string Name(TrainingSourceConfig source) => source.Name ?? source.Source switch
    {
        SampleSourceConfig sample => $"{sample.Name} {sample.Part}",
        TextSourceConfig text => FileName(text.Path),
        JsonLinesSourceConfig lines => FileName(lines.Path),
        ParquetSourceConfig parquet => FileName(parquet.Path),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source.Source.GetType().Name),
    };

    /// <summary>Without any endings: books.txt.gz is books.</summary>
    public static string FileName(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name[..dot] : name;
    }
}

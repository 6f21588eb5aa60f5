using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;
using Gim.Text;
using Gim.Train;
using Gim.Train.Data;
using Gim.Train.Start;

namespace Gim.Jobs;

/// <summary>Texts to train the retrieval likelihood on.</summary>
internal sealed class RetrievalData : ITrainingData
{
    private readonly TrainConfig config;
    private readonly IReadOnlyList<TrainingSourceConfig> sources;
    private readonly IReadOnlyList<TrainingText> texts;
    private readonly SequenceMixture mixture;
    private readonly Tokenizer tokenizer;
    private readonly int threads;

    private RetrievalData(TrainConfig config, IReadOnlyList<TrainingSourceConfig> sources, IReadOnlyList<TrainingText> texts, Tokenizer tokenizer, int threads)
    {
        this.config = config;
        this.sources = sources;
        this.texts = texts;
        this.tokenizer = tokenizer;
        this.threads = threads;
        mixture = new SequenceMixture([.. texts.Select((text, i) => ((ITrainingTokens)text, text.Name, sources[i].Weight))], config.Length + 1, config.Seed);
    }

    /// <exception cref="InputException">A source cannot be used.</exception>
    public static RetrievalData Read(TrainConfig config, Tokenizer tokenizer, RunFolder folder, int threads, IJobLog log, CancellationToken cancellation)
    {
        IReadOnlyList<TrainingSourceConfig> sources = config.Sources ?? throw new ArgumentException("there are no sources", nameof(config));
        return new RetrievalData(config, sources, TrainingSources.Read(config, sources, tokenizer, folder, threads, log, cancellation), tokenizer, threads);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hashes => [.. texts.Select(text => text.Hash)];

    /// <inheritdoc/>
    public IReadOnlyList<WeightedTokens> Tokens => [.. texts.Select((text, i) => new WeightedTokens(text, sources[i].Weight))];

    /// <inheritdoc/>
    public IReadOnlyList<TrainSourceSummary> Sources =>
        [.. texts.Select((text, i) => new TrainSourceSummary(text.Name, sources[i].Weight, text.Documents, text.TokenCount, text.ValidationDocuments.Sum(document => (long)document.Length)))];

    /// <inheritdoc/>
    public string LossTitle => "Loss: minus the log-likelihood of the next token, where it occurs before";

    /// <inheritdoc/>
    public ITrainingObjective Objective(ModelParameters parameters, OptimizerSettings optimizer) => new RetrievalObjective(
        parameters,
        new RetrievalShape(config.Batch, config.Length, parameters.Configuration.OutputColumns, config.FirstQuery),
        config.Accumulate,
        optimizer,
        mixture,
        [.. texts.Select(text => text.Name)]);

    /// <inheritdoc/>
    public IValidation Validation(IJobLog log)
        => new Validation(HeldOut(config.ValidationContexts, log), config.Length, tokenizer.VocabularySize, threads);

    /// <inheritdoc/>
    public IReadOnlyList<ValidationText> HeldOut(int contexts, IJobLog log) => config.ValidationShare == 0
        ? []
        : [.. texts.Select(text => ValidationText.Draw(text.Name, text.ValidationDocuments, config.Length, ValidationText.Consecutive, contexts, config.Seed, log)).OfType<ValidationText>()];

    public void Dispose()
    {
        // The texts are in memory.
    }
}

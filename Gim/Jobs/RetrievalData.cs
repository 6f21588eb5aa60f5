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

    /// <summary>Tokens that the model is said to compare: what one layer sees, as it reads on.</summary>
    /// <exception cref="InputException">A key has no meaning without a teacher, or a size is too much.</exception>
    public static int Window(TrainConfig config)
    {
        if (config.Model.Window is { } window)
            throw new InputException($"\"model.window\" {window:N0} has a meaning only with a \"teacher\": without one, contexts are embedded in one pass; leave it out");
        if (config.FirstQuery >= config.Length)
            throw new InputException($"\"firstQuery\" {config.FirstQuery:N0} is not below \"length\" {config.Length:N0}: nothing would be asked; lower it");
        // The widest that a pass keeps of a position is its hidden layer.
        if ((long)config.Batch * (config.Length + 1) * Math.Max(4 * config.Model.Columns, config.Model.OutputColumns) > Array.MaxLength)
            throw new InputException($"\"batch\" {config.Batch:N0} times \"length\" {config.Length:N0} with \"model.columns\" {config.Model.Columns:N0} is too much for one pass; lower batch and raise \"accumulate\"");
        if ((long)config.Batch * config.Accumulate * (config.Length + 1) > Array.MaxLength)
            throw new InputException($"\"batch\" {config.Batch:N0} times \"accumulate\" {config.Accumulate:N0} times \"length\" {config.Length:N0} is too much for one step; lower accumulate");
        return config.Model.Band;
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

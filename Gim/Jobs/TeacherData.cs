using Gim.Config;
using Gim.Progress;
using Gim.Report;
using Gim.Text;
using Gim.Train;
using Gim.Train.Data;
using Gim.Train.Distill;
using Gim.Train.Start;

namespace Gim.Jobs;

/// <summary>A teacher to distil from.</summary>
internal sealed class TeacherData : ITrainingData
{
    private readonly TrainConfig config;
    private readonly TeacherFile file;
    private readonly string name;
    private readonly TeacherText text;
    private readonly DistillationShape shape;
    private readonly TeacherBatches batches;

    private TeacherData(TrainConfig config, TeacherFile file, string name, TeacherText text, DistillationShape shape)
    {
        this.config = config;
        this.file = file;
        this.name = name;
        this.text = text;
        this.shape = shape;
        batches = new TeacherBatches(file, text.Training, shape, config.Seed);
        if (!batches.IsEnough)
            throw new InputException($"{file.Source} has {batches.Count:N0} windows of {shape.Window:N0} tokens to train on, fewer than the {shape.Windows:N0} of one batch; lower \"teacher.queries\" and \"teacher.keys\" or \"model.window\", or have the teacher read more text");
    }

    /// <param name="window">Tokens of a window.</param>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public static TeacherData Open(TrainConfig config, TeacherConfig teacher, int window, Tokenizer tokenizer, IJobLog log, CancellationToken cancellation)
    {
        TeacherFile file = TeacherFile.Open(teacher.Path, log, cancellation);
        try
        {
            file.RequireTokenizer(tokenizer);
            log.Info($"teacher: {file.TokenCount:N0} tokens in {file.DocumentStarts.Length:N0} documents, after each the {file.Top:N0} likeliest of {file.Vocabulary:N0}");
            TeacherText text = TeacherText.Deal(file, tokenizer, config.ValidationShare, config.Seed, log, cancellation);
            return new TeacherData(config, file, TrainingSources.FileName(teacher.Path), text, new DistillationShape(teacher.Queries, teacher.Keys, window));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hashes => [file.Hash];

    /// <inheritdoc/>
    public IReadOnlyList<WeightedTokens> Tokens => [new WeightedTokens(text.Training, 1)];

    /// <inheritdoc/>
    public IReadOnlyList<TrainSourceSummary> Sources => [new TrainSourceSummary(name, 1, file.DocumentStarts.Length, text.Training.TokenCount, text.Held.TokenCount)];

    /// <inheritdoc/>
    public string LossTitle => "Loss: cross-entropy of the teacher's nearest context, and reverse divergence";

    /// <inheritdoc/>
    public ITrainingObjective Objective(ModelParameters parameters, OptimizerSettings optimizer)
        => new DistillationObjective(parameters, shape, config.Accumulate, optimizer, batches, name);

    /// <inheritdoc/>
    public IValidation Validation(IJobLog log)
    {
        if (config.ValidationShare == 0) return new DistillationValidation(shape, null, 0);
        var held = new TeacherBatches(file, text.Held, shape, config.Seed);
        if (!held.IsEnough)
            log.Warn($"the model is not validated: {held.Count:N0} of the teacher's windows of {shape.Window:N0} tokens are held back, and a batch needs {shape.Windows:N0}");
        return new DistillationValidation(shape, held.IsEnough ? held : null, config.ValidationContexts);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ValidationText> HeldOut(int contexts, IJobLog log)
    {
        if (config.ValidationShare == 0) return [];
        var documents = new List<int[]>();
        foreach (var (start, length) in text.Held.All)
        {
            int[] document = new int[length];
            file.Read(start, document);
            documents.Add(document);
        }
        return ValidationText.Draw(name, documents, config.Length, ValidationText.Consecutive, contexts, config.Seed, log) is { } drawn ? [drawn] : [];
    }

    public void Dispose() => file.Dispose();
}

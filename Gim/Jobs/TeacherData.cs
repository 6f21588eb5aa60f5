using Gim.Config;
using Gim.Kernels.Devices;
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
    /// <summary>Of a distilled model: the published windows have 32 and 64 tokens.</summary>
    private const int DefaultWindow = 32;

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

    /// <summary>Tokens of the windows that the model compares.</summary>
    /// <exception cref="InputException">A key has no meaning with a teacher, or a size is too much.</exception>
    public static int Window(TrainConfig config, TeacherConfig teacher)
    {
        if (config.Sources is not null)
            throw new InputException("\"teacher\" and \"sources\" are both given, but the text of a teacher is in its file; leave one of them out");
        var defaults = new TrainConfig();
        if (config.Batch != defaults.Batch)
            throw new InputException($"\"batch\" {config.Batch:N0} has no meaning with a \"teacher\", whose \"queries\" and \"keys\" go through the model together; leave it out");
        if (config.FirstQuery != defaults.FirstQuery)
            throw new InputException($"\"firstQuery\" {config.FirstQuery:N0} has no meaning with a \"teacher\", whose windows are all of one length; leave it out");
        int window = config.Model.Window ?? DefaultWindow;
        long rows = ((long)teacher.Queries + teacher.Keys) * window, pairs = (long)teacher.Queries * teacher.Keys;
        string sizes = $"\"teacher.queries\" {teacher.Queries:N0} and \"teacher.keys\" {teacher.Keys:N0} with windows of {window:N0} tokens";
        if (rows > Device.MaximumLength / Math.Max(4 * config.Model.Columns, config.Model.OutputColumns) || pairs > Device.MaximumLength)
            throw new InputException($"{sizes} are too much for one pass; lower them and raise \"accumulate\"");
        if (Math.Max(rows, pairs) > Array.MaxLength / config.Accumulate)
            throw new InputException($"{sizes} are too much for one step of {config.Accumulate:N0} passes; lower \"accumulate\"");
        return window;
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

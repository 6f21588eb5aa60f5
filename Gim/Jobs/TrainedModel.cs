using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The model that a training's config asks for.</summary>
internal static class TrainedModel
{
    /// <exception cref="InputException">Keys of the config do not go together.</exception>
    public static SimilarityConfiguration Of(TrainConfig config, Tokenizer tokenizer)
    {
        TrainedModelConfig model = config.Model;
        if (model.Columns % model.Heads != 0)
            throw new InputException($"\"model.columns\" {model.Columns} cannot be divided into \"model.heads\" {model.Heads}; choose a multiple");
        if (model.Columns / model.Heads > AttentionShape.MaximumHeadSize)
            throw new InputException($"\"model.columns\" {model.Columns} and \"model.heads\" {model.Heads} make heads of {model.Columns / model.Heads} columns; at most {AttentionShape.MaximumHeadSize} are possible, raise heads");
        if (config.ValidationShare == 0 && config.Patience > 0)
            throw new InputException($"\"patience\" {config.Patience:N0} waits for validations, and \"validationShare\" 0 holds nothing out; set one of them otherwise");
        (EmbeddingMode mode, int window) = config.Teacher is { } teacher
            ? (EmbeddingMode.Windowed, TeacherData.Window(config, teacher))
            : (EmbeddingMode.Streaming, RetrievalData.Window(config));
        return new SimilarityConfiguration
        {
            Layers = model.Layers,
            Heads = model.Heads,
            Columns = model.Columns,
            OutputColumns = model.OutputColumns,
            Vocabulary = tokenizer.VocabularySize,
            Positions = model.Positions == TrainedModelConfig.Relative ? PositionKind.Relative : PositionKind.Bias,
            Band = model.Band,
            Mode = mode,
            Window = window,
            Temperature = config.Temperature,
            Tokenizer = tokenizer.Name,
            TokenizerHash = tokenizer.Hash,
        };
    }
}

using Gim.Config;
using Gim.Similarity.Weights;

namespace Gim.Jobs;

/// <summary>A trained model as a file, in the format that the config names.</summary>
internal static class ModelFile
{
    public static void Write(string path, WeightFile weights, string embeddings) => SafetensorsFile.Write(path, weights, embeddings == TrainConfig.Floats ? null : _ => true);
}

using Gim.Similarity.Weights;

namespace Gim.Similarity;

/// <summary>Files of weights of either kind, by their extension.</summary>
public static class WeightFiles
{
    /// <exception cref="InputException">The file cannot be read, or is of no known kind.</exception>
    public static WeightFile Read(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".safetensors" => ModelFile.Read(path),
        ".pt" or ".pth" => TorchCheckpoint.Read(path),
        _ => throw new InputException($"{path}: a file of weights is *.safetensors or *.pt"),
    };
}

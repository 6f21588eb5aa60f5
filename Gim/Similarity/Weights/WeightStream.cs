using Gim.Files;

namespace Gim.Similarity.Weights;

/// <summary>Opens files of weights.</summary>
internal static class WeightStream
{
    /// <summary>For headers and directories, read in small pieces; tensors are longer and go past it, straight into their arrays.</summary>
    private const int BufferBytes = 4096;

    /// <inheritdoc cref="InputFile.Open"/>
    public static FileStream Open(string path) => InputFile.Open(path, "a file of weights, *.safetensors or *.pt", BufferBytes);
}

using Gim.Config;
using Gim.Files;
using Gim.Similarity.Weights.Torch;

namespace Gim.Similarity.Weights;

/// <summary>
/// Reads the weights of a PyTorch checkpoint, a <c>*.pt</c> file of <c>torch.save</c>: a zip archive of a pickle and the
/// tensors' bytes. The pickle is read as data (<see cref="Unpickler"/>): a file can ask for nothing to be run.
/// </summary>
public static class TorchCheckpoint
{
    internal const string Advice = "expected a *.pt file of torch.save, fetched whole";

    internal const string SaveAgain = "with PyTorch, and only if you trust the file, save its weights alone: torch.save(model.state_dict(), path)";

    /// <summary>
    /// The tensors of the model's state dict under their names, without what wrappers put before them (<c>module.</c>,
    /// <c>_orig_mod.</c>), floats widened to float32; the metadata is <c>model_kwargs</c>, where there is one, nested
    /// names joined with dots. What else the checkpoint holds, such as an optimizer's state, is not read from the disk.
    /// </summary>
    /// <exception cref="InputException">The file is missing or damaged, asks for more than weights need, or has no state dict.</exception>
    public static WeightFile Read(string path) => InputFile.Guard(path, () =>
    {
        using FileStream file = WeightStream.Open(path);
        string name = Quote.OneLine(path);
        CheckStart(file, name);
        using var archive = new TorchArchive(file, name);
        object? checkpoint = Unpickler.Read(archive.ReadPickle(), name);
        return new WeightFile(
            TorchTensors.Read(archive, TorchStateDict.Find(checkpoint, name), name), TorchMetadata.Of(checkpoint, name), name);
    });

    private static void CheckStart(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[16];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (start.StartsWith("PK"u8))
            return;
        // The old format is a row of pickles, of which the first is the number 0x1950a86a20f9469cfc6c.
        ReadOnlySpan<byte> old = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        if (start.StartsWith(old))
        {
            throw new InputException(
                $"{path} is in PyTorch's format of before version 1.6; load it with a newer PyTorch and save it again: " +
                "torch.save(torch.load(path, weights_only=True), path)");
        }
        if (start.Length > 8 && start[8] == (byte)'{')
            throw new InputException($"{path} is a safetensors file; give it the ending .safetensors");
        throw new InputException($"{path} is no zip archive, as checkpoints of PyTorch are; {Advice}");
    }
}

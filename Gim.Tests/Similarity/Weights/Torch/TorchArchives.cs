using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Gim.Tests.Similarity.Weights.Torch;

/// <summary>Checkpoints as torch.save lays them out.</summary>
internal static class TorchArchives
{
    /// <summary>The bytes of a checkpoint: a pickle and its storages 0, 1, 2, ...</summary>
    public static byte[] Of(byte[] pickle, params byte[][] storages) => Of(CompressionLevel.NoCompression, pickle, storages);

    public static byte[] Of(CompressionLevel level, byte[] pickle, params byte[][] storages) => Zip(level,
        [("archive/data.pkl", pickle), ("archive/byteorder", [.. "little"u8]), .. storages.Select((bytes, i) => ($"archive/data/{i}", bytes)), ("archive/version", [.. "3\n"u8])]);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using Stream stream = zip.CreateEntry(name, level).Open();
                stream.Write(bytes);
            }
        }
        return memory.ToArray();
    }

    public static byte[] Bytes<T>(params T[] values) where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

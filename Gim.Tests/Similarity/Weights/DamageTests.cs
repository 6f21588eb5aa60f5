using System.Buffers.Binary;
using System.IO.Compression;
using Gim.Similarity.Weights;
using Gim.Tests.Similarity.Weights.Torch;

namespace Gim.Tests.Similarity.Weights;

/// <summary>
/// Small files cut short and with bits turned: each is read or refused with one line, and none makes its reader take
/// much more memory than the file has.
/// </summary>
public sealed class DamageTests : IDisposable
{
    private const int Seed = 42;

    /// <summary>What reading takes whatever the file's length: exceptions, their texts, and the libraries' buffers, of which Deflate64's window has 256 KB.</summary>
    private const long FixedBytes = 1 << 19;

    /// <summary>Halves widen to twice their bytes; names are twice their bytes as text; and a list grows by doubling.</summary>
    private const long TimesTheFile = 8;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Damaged_safetensors_files_are_read_or_refused()
    {
        byte[] data = new byte[300];
        new Random(Seed).NextBytes(data);
        byte[] bytes = SafetensorsBytes.Of(
            """{"__metadata__":{"n_layer":"3"},"b.weight":{"dtype":"F32","shape":[5,6],"data_offsets":[20,140]},"a":{"dtype":"F16","shape":[2,5],"data_offsets":[0,20]},"ids":{"dtype":"I64","shape":[20],"data_offsets":[140,300]}}""", data);
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Damage(bytes, header, SafetensorsFile.Read);
    }

    [Theory]
    [InlineData(PythonPickles.Protocol2, CompressionLevel.NoCompression)]
    [InlineData(PythonPickles.Protocol4, CompressionLevel.NoCompression)]
    [InlineData(PythonPickles.Protocol4, CompressionLevel.Optimal)]
    public void Damaged_checkpoints_are_read_or_refused(string pickle, CompressionLevel level)
    {
        byte[] bytes = TorchArchives.Of(level, Convert.FromBase64String(pickle),
            TorchArchives.Bytes(1f, 2f, 3f, 4f, 5f, 6f), TorchArchives.Bytes(1f, 2f, 3f, 4f), TorchArchives.Bytes(7L));
        Damage(bytes, bytes.Length, TorchCheckpoint.Read);
    }

    /// <summary>Pickles with bits turned, where the archive around them is whole.</summary>
    [Theory]
    [InlineData(PythonPickles.Protocol2)]
    [InlineData(PythonPickles.Protocol4)]
    public void Damaged_pickles_are_read_or_refused(string pickle)
    {
        byte[] whole = Convert.FromBase64String(pickle);
        var random = new Random(Seed);
        for (int round = 0; round < 1000; round++)
        {
            byte[] bytes = [.. whole];
            for (int turned = 0; turned <= round % 3; turned++)
                bytes[random.Next(bytes.Length)] = round % 2 == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
            Try(TorchArchives.Of(bytes, TorchArchives.Bytes(1f, 2f, 3f, 4f, 5f, 6f), TorchArchives.Bytes(1f, 2f, 3f, 4f), TorchArchives.Bytes(7L)), TorchCheckpoint.Read);
        }
    }

    /// <summary>Whole files too: values go from the disk into their arrays, and the file as such is never in memory.</summary>
    [Fact]
    public void Reading_takes_the_memory_of_the_tensors()
    {
        const int Count = 1 << 20;
        byte[] floats = SafetensorsBytes.One("F32", $"[{Count}]", new byte[4 * Count]);
        byte[] halves = SafetensorsBytes.One("F16", $"[{Count}]", new byte[2 * Count]);
        byte[] checkpoint = TorchArchives.Of(PickleWriter.Pickle(new PickleWriter.Dict(
            ("a", PickleWriter.Tensor("FloatStorage", "0", Count, 0, [Count], [1])),
            ("tied", PickleWriter.Tensor("FloatStorage", "0", Count, 0, [Count], [1])))), new byte[4 * Count]);
        foreach (var (bytes, read) in ((byte[], Func<string, WeightFile>)[])[(floats, SafetensorsFile.Read), (halves, SafetensorsFile.Read), (checkpoint, TorchCheckpoint.Read)])
        {
            File.WriteAllBytes(folder["whole"], bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(Count, read(folder["whole"]).Values("a").Length);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4L * Count, (4L * Count) + FixedBytes);
        }
    }

    private void Damage(byte[] whole, int fragile, Func<string, WeightFile> read)
    {
        var random = new Random(Seed);
        Assert.True(Try(whole, read));
        for (int length = 0; length < whole.Length; length += 1 + random.Next(4))
            Assert.False(Try(whole[..length], read), $"{length} of {whole.Length} bytes were taken for a whole file");
        for (int bit = 0; bit < fragile * 8; bit += 1 + random.Next(20))
        {
            byte[] bytes = [.. whole];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Try(bytes, read);
        }
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = [.. whole];
            for (int turned = 0; turned <= round % 4; turned++)
                bytes[random.Next(fragile)] = (byte)random.Next(256);
            Try(bytes, read);
        }
    }

    /// <returns>Whether the file was read.</returns>
    private bool Try(byte[] bytes, Func<string, WeightFile> read)
    {
        string path = folder["damaged"];
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            WeightFile weights = read(path);
            foreach (WeightTensor tensor in weights.Tensors)
                Assert.Equal(tensor.Shape.Aggregate(1L, (product, length) => product * length), tensor.Length);
            return true;
        }
        catch (InputException problem)
        {
            Assert.StartsWith(path, problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', problem.Message);
            return false;
        }
        finally
        {
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken <= FixedBytes + (TimesTheFile * bytes.Length), $"{taken} bytes for a file of {bytes.Length}");
        }
    }
}

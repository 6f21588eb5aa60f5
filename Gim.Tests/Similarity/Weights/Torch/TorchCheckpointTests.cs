using System.IO.Compression;
using Gim.Similarity.Weights;
using static Gim.Tests.Similarity.Weights.Torch.PickleWriter;
using static Gim.Tests.Similarity.Weights.Torch.TorchArchives;

namespace Gim.Tests.Similarity.Weights.Torch;

public sealed class TorchCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(PythonPickles.Protocol2, CompressionLevel.NoCompression)]
    [InlineData(PythonPickles.Protocol4, CompressionLevel.NoCompression)]
    [InlineData(PythonPickles.Protocol4, CompressionLevel.Optimal)]
    public void A_checkpoint_of_the_published_training_is_read(string pickle, CompressionLevel level)
    {
        WeightFile weights = Read(Of(level, Convert.FromBase64String(pickle), Bytes(1f, 2f, 3f, 4f, 5f, 6f), Bytes(1f, 2f, 3f, 4f), Bytes(7L)));
        Assert.Equal(["transformer.wte.weight", "lm_head.weight", "n"], weights.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([3, 2], weights["transformer.wte.weight"].Shape);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], weights.Values("transformer.wte.weight"));
        Assert.Equal([1f, 3f, 2f, 4f], weights.Values("lm_head.weight"));
        Assert.Empty(weights["n"].Shape);
        Assert.Equal([7L], weights.Integers("n"));
        Assert.Equal(
            [new("n_layer", "3"), new("bias", "True"), new("dropout", "0.0"), new("similarity_function", "cosine"), new("use_trained_pe", "False"),
                new("vocab_size", "50257"), new("nested.a", "1"), new("nested.b.0", "1.5"), new("nested.b.1", "None"), new("seed", "18446744073709551615")],
            weights.Metadata);
    }

    [Fact]
    public void Views_of_a_storage_are_gathered()
    {
        float[] storage = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        WeightFile weights = Read(Of(Pickle(new Dict(
            ("whole", Tensor("FloatStorage", "0", 24, 0, [2, 3, 4], [12, 4, 1])),
            ("tied", Tensor("FloatStorage", "0", 24, 0, [2, 3, 4], [12, 4, 1])),
            ("slice", Tensor("FloatStorage", "0", 24, 5, [4], [1])),
            ("permuted", Tensor("FloatStorage", "0", 24, 1, [2, 2, 2], [1, 4, 12])),
            ("repeated", Tensor("FloatStorage", "0", 24, 3, [3, 2], [0, 20])),
            ("one", Tensor("FloatStorage", "0", 24, 23, [1, 1], [long.MaxValue, 77])),
            ("empty", Tensor("FloatStorage", "0", 24, 24, [0, 5], [5, 1])),
            ("scalar", Tensor("FloatStorage", "0", 24, 9, [], [])))), Bytes(storage)));
        Assert.Equal(storage, weights.Values("whole"));
        Assert.Same(weights.Values("whole"), weights.Values("tied"));
        Assert.Equal([5f, 6f, 7f, 8f], weights.Values("slice"));
        Assert.Equal([1f, 13f, 5f, 17f, 2f, 14f, 6f, 18f], weights.Values("permuted"));
        Assert.Equal([3f, 23f, 3f, 23f, 3f, 23f], weights.Values("repeated"));
        Assert.Equal([23f], weights.Values("one"));
        Assert.Empty(weights.Values("empty"));
        Assert.Equal([0, 5], weights["empty"].Shape);
        Assert.Equal([9f], weights.Values("scalar"));
    }

    [Fact]
    public void All_types_are_read_and_integers_are_gathered_too()
    {
        WeightFile weights = Read(Of(Pickle(new Dict(
            ("half", Tensor("HalfStorage", "0", 2, 0, [2], [1])),
            ("brain", Tensor("BFloat16Storage", "1", 2, 0, [2], [1])),
            ("long", Tensor("LongStorage", "2", 4, 0, [2, 2], [1, 2])),
            ("int", Tensor("IntStorage", "3", 3, 2, [1], [1])),
            ("short", Tensor("ShortStorage", "4", 3, 0, [2], [2])),
            ("char", Tensor("CharStorage", "5", 3, 0, [2], [2])),
            ("byte", Tensor("ByteStorage", "5", 3, 0, [3], [1])),
            ("bool", new Call("torch._utils", "_rebuild_parameter", Tensor("BoolStorage", "6", 2, 0, [2], [1]), true, new Call("collections", "OrderedDict"))))),
            Bytes((Half)1.5, (Half)(-2)), Bytes((ushort)0x3FC0, (ushort)0xC000), Bytes(1L, 2L, 3L, long.MinValue), Bytes(4, 5, -6),
            Bytes((short)-1, (short)2, (short)3), [0xFF, 1, 2], [0, 1]));
        Assert.Equal([1.5f, -2f], weights.Values("half"));
        Assert.Equal([1.5f, -2f], weights.Values("brain"));
        Assert.Equal([1L, 3L, 2L, long.MinValue], weights.Integers("long"));
        Assert.Equal([-6L], weights.Integers("int"));
        Assert.Equal([-1L, 3L], weights.Integers("short"));
        Assert.Equal([-1L, 2L], weights.Integers("char"));
        Assert.Equal([255L, 1L, 2L], weights.Integers("byte"));
        Assert.Equal([0L, 1L], weights.Integers("bool"));
        SafetensorsFile.Write(folder["copy"], weights);
        Assert.Equal([1L, 3L, 2L, long.MinValue], SafetensorsFile.Read(folder["copy"]).Integers("long"));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("model_state_dict")]
    [InlineData("state_dict")]
    [InlineData(null)]
    public void The_state_dict_is_found_and_prefixes_are_dropped(string? key)
    {
        var state = new Dict(("_orig_mod.module.a.module.b", Tensor("FloatStorage", "0", 1, 0, [1], [1])));
        WeightFile weights = Read(Of(Pickle(key is null ? state : new Dict((key, state), ("optimizer", new Dict()), ("iter_num", 3))), Bytes(2f)));
        Assert.Equal("a.module.b", Assert.Single(weights.Tensors).Name);
        Assert.Empty(weights.Metadata);
    }

    [Fact]
    public void What_else_a_checkpoint_holds_is_not_read()
    {
        // The optimizer's storages are not even there, and its doubles could not be read.
        WeightFile weights = Read(Of(Pickle(new Dict(
            ("model", new Dict(("a", Tensor("FloatStorage", "0", 1, 0, [1], [1])))),
            ("optimizer", new Dict((0, Tensor("DoubleStorage", "9", 1L << 50, 0, [1 << 25, 1 << 25], [1 << 25, 1]))))
            )), Bytes(2f)));
        Assert.Equal([2f], weights.Values("a"));
    }

    public static TheoryData<string, object?> NoStateDicts()
    {
        Call tensor = Tensor("FloatStorage", "0", 1, 0, [1], [1]);
        return new()
        {
            { "more than one state dict, under 'model' and 'state_dict' (its keys: 'model', 'state_dict')", new Dict(("model", new Dict(("a", tensor))), ("state_dict", new Dict(("a", tensor)))) },
            { "has no state dict: expected tensors under one of the keys model, model_state_dict, state_dict or at the top (its keys: 'weights', '7')", new Dict(("weights", 1), (7, new Dict(("a", tensor)))) },
            { "(its keys: none)", new Dict() },
            { "holds a list, not a dictionary", new List<object?> { tensor } },
            { "holds a tensor, not a dictionary", tensor },
            { "(under 'model') has a number under 'b'", new Dict(("model", new Dict(("a", tensor), ("b", 1.5)))) },
            { "has both 'module.a' and 'a'", new Dict(("module.a", tensor), ("a", tensor)) },
        };
    }

    [Theory]
    [MemberData(nameof(NoStateDicts))]
    public void A_checkpoint_without_one_state_dict_says_what_is_there(string expected, object? checkpoint) =>
        Assert.Contains(expected, Refusal(Of(Pickle(checkpoint), Bytes(2f))), StringComparison.Ordinal);

    public static TheoryData<string, object?> BadTensors() => new()
    {
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [5], [1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 3, [2], [1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [2, 2], [3, 1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [3], [1L << 62]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [3, 3, 3], [long.MaxValue, long.MaxValue, long.MaxValue]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, -1, [2], [1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 3, [2], [-1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [-2], [1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 5, [0], [1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [2], [1, 1]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [.. Enumerable.Repeat<object?>(int.MaxValue, 3)], [0, 0, 0]) },
        { "beyond its storage", Tensor("FloatStorage", "0", 4, 0, [.. Enumerable.Repeat<object?>(1, 65)], [.. Enumerable.Repeat<object?>(1, 65)]) },
        { "where it holds 4", Tensor("FloatStorage", "0", 4, 0, [1 << 30], [0]) },
        { "where it holds 4", Tensor("FloatStorage", "0", 4, 0, [17], [0]) },
        { "16 bytes, which is not what 3 elements", Tensor("FloatStorage", "0", 3, 0, [3], [1]) },
        { "16 bytes, which is not what 1125899906842624 elements", Tensor("FloatStorage", "0", 1L << 50, 0, [3], [1]) },
        { "16 bytes, which is not what 4611686018427387908 elements", Tensor("FloatStorage", "0", (1L << 62) + 4, 0, [3], [1]) },
        { "is not in the archive", Tensor("FloatStorage", "1", 4, 0, [4], [1]) },
        { "doubles (torch.DoubleStorage)", Tensor("DoubleStorage", "0", 2, 0, [2], [1]) },
        { "other than a storage", Tensor("FloatStorage", "0", -4, 0, [4], [1]) },
        { "other than a storage", Tensor("FloatStorage", "0", 4.0, 0, [4], [1]) },
        { "other than a storage", new Persistent("module", new Global("torch", "FloatStorage"), "0", "cpu", 4) },
        { "other than a storage", new Persistent("storage", new Global("collections", "OrderedDict"), "0", "cpu", 4) },
        { "'torch.ComplexFloatStorage'", Tensor("ComplexFloatStorage", "0", 2, 0, [2], [1]) },
        { "arguments that are not its own", new Call("torch._utils", "_rebuild_tensor_v2") },
        { "arguments that are not its own", new Call("torch._utils", "_rebuild_parameter", 1, 2, 3) },
        { "arguments that are not its own", new Call("torch", "FloatStorage") },
    };

    [Theory]
    [MemberData(nameof(BadTensors))]
    public void A_tensor_that_its_storage_cannot_hold_is_refused(string expected, object? tensor) =>
        Assert.Contains(expected, Refusal(Of(Pickle(new Dict(("a", tensor))), new byte[16])), StringComparison.Ordinal);

    [Fact]
    public void Old_and_other_files_are_told_apart()
    {
        Assert.Contains("before version 1.6", Refusal([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e, 0x80]), StringComparison.Ordinal);
        Assert.Contains("is a safetensors file", Refusal(SafetensorsBytes.Of("{}", [])), StringComparison.Ordinal);
        Assert.Contains("no zip archive", Refusal([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("no zip archive", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("cannot be unpacked", Refusal([.. "PK\u0003\u0004 and no more"u8]), StringComparison.Ordinal);
        Assert.Contains("without data.pkl", Refusal(Zip(CompressionLevel.NoCompression, ("a.txt", [1]))), StringComparison.Ordinal);
        byte[] pickle = Pickle(new Dict());
        Assert.Contains("both 'a/data.pkl' and 'b/data.pkl'", Refusal(Zip(CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("b/data.pkl", pickle))), StringComparison.Ordinal);
        Assert.Contains("twice", Refusal(Zip(CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/data.pkl", pickle))), StringComparison.Ordinal);
        Assert.Contains("high byte first", Refusal(Zip(CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/byteorder", [.. "big"u8]))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_packed_beyond_what_weights_are_is_refused_before_memory_is_taken()
    {
        byte[] bomb = Of(CompressionLevel.Optimal, Pickle(new Dict(("a", Tensor("FloatStorage", "0", 1 << 22, 0, [1 << 22], [1])))), new byte[1 << 24]);
        Assert.InRange(bomb.Length, 0, 1 << 16);
        File.WriteAllBytes(folder["x.pt"], bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more than the file can", Assert.Throws<InputException>(() => TorchCheckpoint.Read(folder["x.pt"])).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal, 260, 65, "cannot be unpacked")]
    [InlineData(CompressionLevel.NoCompression, 260, 65, "cannot be unpacked")]
    [InlineData(CompressionLevel.NoCompression, 252, 63, "than the 252 bytes that it says")]
    [InlineData(CompressionLevel.Optimal, 252, 64, "252 bytes, which is not what 64 elements")]
    [InlineData(CompressionLevel.NoCompression, int.MaxValue - 3, int.MaxValue / 4, "more than the file can")]
    public void An_entry_that_holds_more_or_less_than_it_says_is_refused(CompressionLevel level, int claimed, int elements, string expected)
    {
        byte[] bytes = Of(level, Pickle(new Dict(("a", Tensor("FloatStorage", "0", elements, 0, [8], [1])))), new byte[256]);
        // In an archive's directory the length of an entry lies 22 bytes before its name.
        int name = bytes.AsSpan().LastIndexOf("archive/data/0"u8);
        Assert.Equal(256, BitConverter.ToInt32(bytes, name - 22));
        BitConverter.TryWriteBytes(bytes.AsSpan(name - 22), claimed);
        Assert.Contains(expected, Refusal(bytes), StringComparison.Ordinal);
    }

    private WeightFile Read(byte[] bytes)
    {
        File.WriteAllBytes(folder["x.pt"], bytes);
        return TorchCheckpoint.Read(folder["x.pt"]);
    }

    private string Refusal(byte[] bytes)
    {
        string message = Assert.Throws<InputException>(() => Read(bytes)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.StartsWith(folder["x.pt"], message, StringComparison.Ordinal);
        return message;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Similarity.Weights;

namespace Gim.Tests.Similarity.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private const int Seed = 42;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [GoldenTheory]
    [InlineData("rpe-cosine", "cosine", "RPETransformerBlock")]
    [InlineData("rpe-jsd", "jsd", "RPETransformerBlock")]
    [InlineData("rpe-l2", "l2", "RPETransformerBlock")]
    [InlineData("plain-learned-cosine", "cosine", "TransformerBlock")]
    [InlineData("plain-sinusoidal-cosine", "cosine", "TransformerBlock")]
    public void Golden_files_are_read(string name, string similarity, string block)
    {
        WeightFile weights = SafetensorsFile.Read(SharedData.GoldenPath("similarity-transformer", name + ".weights.safetensors"));
        Assert.Equal("transformer.wte.weight", weights.Tensors[0].Name);
        Assert.Equal([503, 64], weights["transformer.wte.weight"].Shape);
        Assert.Equal([192, 64], weights["transformer.h.2.attn.c_attn.weight"].Shape);
        Assert.Equal([48, 64], weights["lm_head.weight"].Shape);
        Assert.Equal(block == "RPETransformerBlock", weights.Contains("transformer.h.0.attn.relative_position_k.embeddings_table"));
        Assert.Equal(name == "plain-learned-cosine", weights.Contains("transformer.wpe.weight"));
        Assert.All(weights.Tensors, tensor => Assert.All(tensor.Values, value => Assert.True(float.IsFinite(value))));
        Assert.Equal(similarity, weights.Metadata["similarity_function"]);
        Assert.Equal(block, weights.Metadata["attention_block"]);
        Assert.Equal("16", weights.Metadata["max_relative_position"]);
        Assert.Equal(12, weights.Metadata.Count);

        WeightFile example = SafetensorsFile.Read(SharedData.GoldenPath("similarity-transformer", name + ".case.safetensors"));
        Assert.Equal(
            ["input_ids", "sequence_embeddings", "window_embeddings", "first_window_embeddings", "distance", "weight", "next_ids", "probability"],
            example.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 25, 48], example["window_embeddings"].Shape);
        long[] ids = example.Integers("input_ids");
        Assert.Equal(80, ids.Length);
        Assert.All(ids, id => Assert.InRange(id, 0, 502));
        // What followed position j is the token at j + 1: the file's own numbers agree with each other.
        Assert.Equal(ids[1..40], example.Integers("next_ids")[..39]);
        Assert.Equal(1, example.Values("probability").AsSpan(0, 503).ToArray().Sum(), 5);
        Assert.Equal(new Dictionary<string, string> { ["window"] = "16", ["temperature"] = "0.1" }, example.Metadata);
    }

    [GoldenTheory]
    [InlineData("rpe-cosine.weights.safetensors")]
    [InlineData("rpe-cosine.case.safetensors")]
    public void A_file_read_and_written_reads_the_same(string name)
    {
        WeightFile weights = SafetensorsFile.Read(SharedData.GoldenPath("similarity-transformer", name));
        SafetensorsFile.Write(folder["copy"], weights);
        WeightFile copy = SafetensorsFile.Read(folder["copy"]);
        AssertSame(weights, copy);
        Assert.Equal(weights.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal), copy.Metadata);
        Assert.Equal([folder["copy"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Float32_bits_survive()
    {
        var random = new Random(Seed);
        float[] values = [0f, -0f, float.Epsilon, -1.1754942e-38f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity,
            float.NaN, BitConverter.UInt32BitsToSingle(0x7FA0_0001), .. Enumerable.Range(0, 40_000).Select(_ => BitConverter.Int32BitsToSingle(random.Next()))];
        var weights = new WeightFile([new("x", [values.Length], values), new("empty", [3, 0], []), new("ä \"q\"\n", [], [2.5f])],
            [new("z", "1"), new("a", "é\\"), new("Z", "")]);
        SafetensorsFile.Write(folder["x"], weights);
        WeightFile copy = SafetensorsFile.Read(folder["x"]);
        AssertSame(weights, copy);
        Assert.Equal(["Z", "a", "z"], copy.Metadata.Keys);
        Assert.Equal("é\\", copy.Metadata["a"]);
        byte[] bytes = File.ReadAllBytes(folder["x"]);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        SafetensorsFile.Write(folder["x"], weights);
        Assert.Equal(bytes, File.ReadAllBytes(folder["x"]));
    }

    /// <summary>All 65,536 halves and brain floats: each widens to the number it names, and each half is written as itself.</summary>
    [Fact]
    public void Every_half_and_brain_float_widens_exactly()
    {
        var bits = new ushort[1 << 16];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (ushort)i;
        byte[] data = MemoryMarshal.AsBytes(bits.AsSpan()).ToArray();

        File.WriteAllBytes(folder["half"], SafetensorsBytes.One("F16", "[256,256]", data));
        WeightFile halves = SafetensorsFile.Read(folder["half"]);
        float[] values = halves.Values("a");
        for (int i = 0; i < bits.Length; i++)
        {
            int exponent = (i >> 10) & 31, fraction = i & 1023;
            double expected = exponent == 0 ? Math.ScaleB(fraction, -24) : exponent < 31 ? Math.ScaleB(1024 + fraction, exponent - 25)
                : fraction == 0 ? double.PositiveInfinity : double.NaN;
            Assert.Equal((i >> 15) == 0 ? expected : -expected, values[i]);
            Assert.Equal((i >> 15) != 0, float.IsNegative(values[i]));
        }
        SafetensorsFile.Write(folder["again"], halves, _ => true);
        byte[] again = File.ReadAllBytes(folder["again"])[^data.Length..];
        for (int i = 0; i < bits.Length; i++)
        {
            if (float.IsNaN(values[i]))
                Assert.True(Half.IsNaN(BinaryPrimitives.ReadHalfLittleEndian(again.AsSpan(2 * i))));
            else
                Assert.Equal(bits[i], BinaryPrimitives.ReadUInt16LittleEndian(again.AsSpan(2 * i)));
        }

        File.WriteAllBytes(folder["brain"], SafetensorsBytes.One("BF16", "[65536]", data));
        values = SafetensorsFile.Read(folder["brain"]).Values("a");
        for (int i = 0; i < bits.Length; i++)
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(values[i]));
    }

    [Fact]
    public void Halves_are_rounded_to_nearest_even()
    {
        // Steps of halves are 2^-10 from 1 to 2, 32 at 65504, and 2^-24 at the subnormals.
        (float Value, float Rounded)[] cases =
        [
            (1 + 1 / 2048f, 1), (1 + 3 / 2048f, 1 + 2 / 1024f), (MathF.BitIncrement(1 + 1 / 2048f), 1 + 1 / 1024f),
            (65519.996f, 65504), (-65519.996f, -65504), (MathF.ScaleB(1, -25), 0), (MathF.ScaleB(3, -25), MathF.ScaleB(2, -24)),
            (float.PositiveInfinity, float.PositiveInfinity), (float.NaN, float.NaN), (1e-30f, 0),
        ];
        SafetensorsFile.Write(folder["x"],
            new WeightFile([new("half", [cases.Length], [.. cases.Select(c => c.Value)]), new("full", [1], [1e-30f])]), tensor => tensor.Name == "half");
        WeightFile read = SafetensorsFile.Read(folder["x"]);
        Assert.Equal(cases.Select(c => c.Rounded), read.Values("half"));
        Assert.Equal([1e-30f], read.Values("full"));
    }

    [Theory]
    [InlineData(65520f)]
    [InlineData(-1e30f)]
    public void A_value_beyond_the_halves_is_refused_and_nothing_is_written(float value)
    {
        var weights = new WeightFile([new("w", [2], [1f, value])]);
        InputException problem = Assert.Throws<InputException>(() => SafetensorsFile.Write(folder["x"], weights, _ => true));
        Assert.Contains("'w'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("65504", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("I64", "FEFFFFFFFFFFFFFF0000000000000080", -2, long.MinValue)]
    [InlineData("I32", "FEFFFFFFFFFFFF7F", -2, int.MaxValue)]
    [InlineData("I16", "FEFFFF7F", -2, short.MaxValue)]
    [InlineData("I8", "FE7F", -2, 127)]
    [InlineData("U8", "FE7F", 254, 127)]
    [InlineData("BOOL", "0001", 0, 1)]
    public void Integers_are_read_and_written(string type, string hex, long first, long second)
    {
        File.WriteAllBytes(folder["x"], SafetensorsBytes.One(type, "[2]", Convert.FromHexString(hex)));
        WeightFile weights = SafetensorsFile.Read(folder["x"]);
        Assert.Equal([first, second], weights.Integers("a"));
        SafetensorsFile.Write(folder["y"], weights, _ => true);
        Assert.Equal([first, second], SafetensorsFile.Read(folder["y"]).Integers("a"));
        Assert.Throws<InputException>(() => weights.Values("a"));
    }

    [Fact]
    public void Asking_for_what_is_not_there_names_the_file_and_what_is()
    {
        File.WriteAllBytes(folder["x"], SafetensorsBytes.One("F32", "[1]", new byte[4]));
        WeightFile weights = SafetensorsFile.Read(folder["x"]);
        Assert.Equal($"{folder["x"]} has no tensor 'lm_head.weight' (it has 'a'); is it a file of another model?",
            Assert.Throws<InputException>(() => weights["lm_head.weight"]).Message);
        Assert.Throws<InputException>(() => weights.Integers("a"));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Contains("was not found", Refusal(folder["none"]), StringComparison.Ordinal);
        Assert.Contains("is a folder", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("no place", Assert.Throws<InputException>(
            () => SafetensorsFile.Write(Path.Combine(File.Create(folder["no place"]).Name, "x"), new WeightFile([]))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> LyingHeaders() => new()
    {
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "before it begins" },
        { """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "ends at byte 12 of 8" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "not what F32 [1] takes" },
        { """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "a dimension of" },
        { """{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "is not what F32" },
        { """{"a":{"dtype":"F32","shape":[1073741824,1073741824,4],"data_offsets":[0,0]}}""", "is not what F32" },
        { """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "whole numbers" },
        { """{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551616]}}""", "whole numbers" },
        { """{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "not a list" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "3 data_offsets" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'a' and 'b' overlap" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "bytes 0 to 4 belong to no tensor" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes 4 to 8 belong to no tensor" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' stands in it twice" },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'dtype' twice" },
        { """{"a":{"dtype":"F32","shape":[2]}}""", "lacks data_offsets" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}}""", "'strides'" },
        { """{"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""", "not as text" },
        { """{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "doubles" },
        { """{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "'F8_E4M3'" },
        { """{"a":[]}""", "not an object" },
        { """{"__metadata__":{"a":1}}""", "not text" },
        { """{"__metadata__":{"a":"1","a":"2"}}""", "'a' twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", "twice" },
        { """{"__metadata__":[]}""", "object of texts" },
        { """[1]""", "not a JSON object" },
        { """{"a":{"dtype":"F32","shape":[[[[[[[[[2]]]]]]]]],"data_offsets":[0,8]}}""", "whole numbers" },
        { """{"a" """, "not JSON" },
        { """{} x""", "not JSON" },
        { "", "not JSON" },
    };

    [Theory]
    [MemberData(nameof(LyingHeaders))]
    public void A_header_that_lies_is_refused(string header, string expected)
    {
        File.WriteAllBytes(folder["x"], SafetensorsBytes.Of(header, new byte[8]));
        Assert.Contains(expected, Refusal(folder["x"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001, "at most 100000000")]
    [InlineData(-1, "at most 100000000")]
    [InlineData(99_999_999, "in a file of 100")]
    [InlineData(93, "in a file of 100")]
    public void A_header_longer_than_it_can_be_is_refused_before_memory_is_taken(long length, string expected)
    {
        var bytes = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(folder["x"], bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Refusal(folder["x"]), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Fact]
    public void Text_that_is_not_UTF8_a_short_file_and_a_zip_are_refused()
    {
        File.WriteAllBytes(folder["x"], SafetensorsBytes.Of(Encoding.Latin1.GetBytes("""{"__metadata__":{"a":"é"}}"""), []));
        Assert.Contains("UTF-8", Refusal(folder["x"]), StringComparison.Ordinal);
        File.WriteAllBytes(folder["x"], new byte[7]);
        Assert.Contains("too few", Refusal(folder["x"]), StringComparison.Ordinal);
        File.WriteAllBytes(folder["x"], [.. "PK\u0003\u0004 and more"u8]);
        Assert.Contains("zip", Refusal(folder["x"]), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<InputException>(() => SafetensorsFile.Read(path)).Message;

    private static void AssertSame(WeightFile expected, WeightFile actual)
    {
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), actual.Tensors.Select(tensor => tensor.Name));
        foreach (WeightTensor tensor in expected.Tensors)
        {
            WeightTensor other = actual[tensor.Name];
            Assert.Equal(tensor.Shape, other.Shape);
            if (tensor.Type.IsFloat())
                Assert.True(MemoryMarshal.AsBytes(tensor.Values.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(other.Values.AsSpan())));
            else
                Assert.Equal(tensor.Integers(), other.Integers());
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Tests.Kernels.Devices;

namespace Gim.Tests.Similarity.Weights;

public sealed class ModelFileTests : IDisposable
{
    private const int Seed = 42;

    private const string Embedding = "transformer.wte.weight", Scale = "transformer.wte.scale";

    private readonly TemporaryFolder folder = new();

    private string Model => folder["model.safetensors"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(5, 1)]
    [InlineData(31, 33)]
    [InlineData(200, 64)]
    [InlineData(0, 4)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void An_embedding_of_bytes_reads_as_scale_times_byte(int rows, int columns)
    {
        float[] values = Normals(rows * columns);
        ModelFile.Write(Model, Weights(values, rows, columns), ElementType.I8);
        Assert.Equal([Model], Directory.GetFiles(folder.Path));
        WeightFile raw = SafetensorsFile.Read(Model), read = WeightFiles.Read(Model);
        Assert.Equal((ElementType.I8, ElementType.F32), (raw[Embedding].Type, raw[Scale].Type));
        Assert.Equal([rows], raw[Scale].Shape);
        long[] bytes = raw.Integers(Embedding);
        float[] scales = raw.Values(Scale), actual = read.Values(Embedding);
        Assert.Equal([rows, columns], read[Embedding].Shape);
        Assert.False(read.Contains(Scale));
        for (int i = 0; i < values.Length; i++)
        {
            float scale = scales[i / columns];
            Assert.Equal(values.AsSpan(i / columns * columns, columns).ToArray().Max(Math.Abs) / 127, scale);
            Assert.InRange(bytes[i], -127, 127);
            Assert.Equal(Math.Round((double)values[i] / scale, MidpointRounding.ToEven), bytes[i]);
            Assert.Equal(BitConverter.SingleToUInt32Bits(scale * bytes[i]), BitConverter.SingleToUInt32Bits(actual[i]));
            AssertNear(values[i], scale, bytes[i]);
        }
        Assert.Equal([1.5f, -2f], read.Values("transformer.ln_f.weight"));
        Assert.Equal([7L], read.Integers("steps"));
        Assert.Equal("1", read.Metadata["n_layer"]);
    }

    /// <summary>Rows at both ends of float32, where max / 127 is no good scale: 0, subnormal, or too large by its rounding.</summary>
    [Fact]
    public void Rows_of_extremes_keep_the_bound()
    {
        const int Columns = 4;
        float tiny = float.Epsilon, most = float.MaxValue;
        var rows = new List<float[]>
        {
            new float[Columns],
            new[] { -0f, 0, 0, -0f },
            new[] { tiny, -tiny, 0, 0 },
            new[] { 63 * tiny, -64 * tiny, tiny, 0 },
            new[] { 190 * tiny, -189 * tiny, 95 * tiny, tiny },
            new[] { 191 * tiny, -tiny, 2 * tiny, 0 },
            new[] { 1.17549435e-38f, -1e-40f, 1e-38f, 0 },
            new[] { most, -most, most / 2, 1 },
            new[] { MathF.BitDecrement(most), 1e38f, -3e38f, 0 },
            new[] { 127f, 0.5f, 1.5f, -2.5f },
            new[] { 127 * 1e-3f, -1e-20f, 0.5e-3f, 1 / 3f },
        };
        // Largest values whose quotient by 127 rounds up, down and not at all.
        for (int i = 0; i < 300; i++)
            rows.Add([BitConverter.UInt32BitsToSingle(0x7F7F_FFFFu - (uint)i), -1e38f, i, 0]);
        for (int i = 1; i < 600; i++)
            rows.Add([i * tiny, -(i / 2) * tiny, tiny, 0]);
        float[] values = [.. rows.SelectMany(row => row)];
        ModelFile.Write(Model, Weights(values, rows.Count, Columns), ElementType.I8);
        WeightFile raw = SafetensorsFile.Read(Model);
        float[] scales = raw.Values(Scale), actual = ModelFile.Read(Model).Values(Embedding);
        long[] bytes = raw.Integers(Embedding);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.InRange(bytes[i], -127, 127);
            Assert.True(float.IsFinite(actual[i]), $"{values[i]:R} became {actual[i]}");
            AssertNear(values[i], scales[i / Columns], bytes[i]);
        }
        Assert.Equal([0f, 0f, tiny], scales[..3]);
        Assert.Equal([0f, 0f, 0f, 0f], actual[..4]);
        // Ties go to even: 0.5, 1.5 and -2.5 steps.
        Assert.Equal([127L, 0, 2, -2], bytes[(9 * Columns)..(10 * Columns)]);
    }

    [Fact]
    public void A_model_of_bytes_computes_what_the_widened_one_does()
    {
        SimilarityConfiguration configuration = RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, 97);
        ModelFile.Write(Model, RandomModel.Make(configuration), ElementType.I8, ElementType.F16);
        WeightFile widened = WeightFiles.Read(Model);
        ModelFile.Write(folder["whole.safetensors"], widened);
        int[] tokens = [.. Enumerable.Range(0, 60).Select(i => i * i % 97)];
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            float[] Embed(string path)
            {
                using SimilarityNetwork network = SimilarityNetwork.Load(WeightFiles.Read(path), device, path);
                using DeviceBuffer<float> embeddings = device.AllocateFloats(tokens.Length * configuration.OutputColumns);
                network.EmbedAll(tokens, 1, tokens.Length, embeddings);
                return embeddings.ToArray();
            }

            float[] expected = Embed(folder["whole.safetensors"]);
            Assert.Contains(expected, value => value != 0);
            Assert.Equal(expected, Embed(Model));
        }
    }

    [Theory]
    [InlineData(ElementType.F32, ElementType.F32)]
    [InlineData(ElementType.F16, ElementType.F32)]
    [InlineData(ElementType.F32, ElementType.F16)]
    [InlineData(ElementType.F16, ElementType.F16)]
    [InlineData(ElementType.I8, ElementType.F16)]
    public void Types_are_those_asked_for_and_lie_aligned(ElementType embedding, ElementType rest)
    {
        // Odd counts: of bytes or halves before a float32 they would put it where no reader can map it.
        float[] values = Normals(3 * 5);
        ModelFile.Write(Model, Weights(values, 3, 5), embedding, rest);
        byte[] bytes = File.ReadAllBytes(Model);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        SafetensorsHeader parsed = SafetensorsHeader.Parse(bytes.AsSpan(8, header), bytes.Length - 8 - header, Model);
        Assert.All(parsed.Tensors, tensor => Assert.Equal(0, (8 + header + tensor.Begin) % tensor.Type.Width()));
        Assert.Equal(embedding, parsed.Tensors.Single(tensor => tensor.Name == Embedding).Type);
        Assert.Equal(rest, parsed.Tensors.Single(tensor => tensor.Name == "transformer.ln_f.weight").Type);
        Assert.Equal(ElementType.I64, parsed.Tensors.Single(tensor => tensor.Name == "steps").Type);
        WeightFile read = ModelFile.Read(Model);
        if (embedding == ElementType.F32)
            Assert.Equal(values, read.Values(Embedding));
        else if (embedding == ElementType.F16)
            Assert.Equal(values.Select(value => (float)(Half)value), read.Values(Embedding));
        ModelFile.Write(folder["again"], Weights(values, 3, 5), embedding, rest);
        Assert.Equal(bytes, File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public void Subnormal_halves_survive()
    {
        // 2^-24 is the smallest half; half of it is a tie and goes to 0, and 1.5 of them to 2.
        float step = MathF.ScaleB(1, -24);
        float[] values = [step, -step, 1023 * step, step / 2, 1.5f * step, 0.51f * step, 65504, -65504];
        ModelFile.Write(Model, Weights(values, 2, 4), ElementType.F16, ElementType.F16);
        Assert.Equal([step, -step, 1023 * step, 0, 2 * step, step, 65504, -65504], ModelFile.Read(Model).Values(Embedding));
        values[7] = 65520;
        Assert.Contains(Embedding, Assert.Throws<InputException>(() => ModelFile.Write(Model, Weights(values, 2, 4), ElementType.F16)).Message, StringComparison.Ordinal);
    }

    /// <summary>Bytes and halves as another program may write them: -128, subnormal scales, and -0.</summary>
    [Fact]
    public void Scales_of_halves_widen_exactly()
    {
        float step = MathF.ScaleB(1, -24);
        WriteRaw("F16", [1, 0, 0, 0x80, 0xFF, 0x7B], "I8", [0x80, 0x7F, 0x80, 0x7F, 0x80, 0x7F]);
        Assert.Equal([-128 * step, 127 * step, 0, 0, -128 * 65504f, 127 * 65504f], ModelFile.Read(Model).Values(Embedding));
    }

    [Theory]
    [InlineData("F32", "[3]", "0000803F" + "0000C07F" + "0000803F", "holds NaN in row 1")]
    [InlineData("F32", "[3]", "0000803F" + "0000803F" + "0000807F", "holds Infinity in row 2")]
    [InlineData("F32", "[3]", "000080BF" + "0000803F" + "0000803F", "holds -1 in row 0")]
    [InlineData("F16", "[3]", "007C" + "003C" + "003C", "holds Infinity in row 0")]
    [InlineData("F32", "[2]", "0000803F" + "0000803F", "is F32 [2]")]
    [InlineData("F32", "[3,1]", "0000803F" + "0000803F" + "0000803F", "is F32 [3, 1]")]
    [InlineData("F32", "[]", "0000803F", "is F32 []")]
    [InlineData("I8", "[3]", "010101", "is I8 [3]")]
    public void A_scale_that_does_not_fit_is_refused(string type, string shape, string hex, string expected)
    {
        WriteRaw(type, Convert.FromHexString(hex), "I8", new byte[6], shape);
        string message = Assert.Throws<InputException>(() => ModelFile.Read(Model)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith($"{Model}: tensor '{Scale}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void An_embedding_of_bytes_without_scale_or_rows_is_refused()
    {
        File.WriteAllBytes(Model, SafetensorsBytes.Of($$"""{"{{Embedding}}":{"dtype":"I8","shape":[3,2],"data_offsets":[0,6]} }""", new byte[6]));
        Assert.Equal(
            $"{Model}: tensor '{Scale}' is missing: the scales of '{Embedding}', which is of bytes (I8); write the file again with them, or with the embedding as F32 or F16",
            Assert.Throws<InputException>(() => WeightFiles.Read(Model)).Message);
        File.WriteAllBytes(Model, SafetensorsBytes.Of($$"""{"{{Embedding}}":{"dtype":"I8","shape":[6],"data_offsets":[0,6]} }""", new byte[6]));
        Assert.Equal($"{Model}: tensor '{Embedding}' is I8 [6]; expected [V, d]", Assert.Throws<InputException>(() => WeightFiles.Read(Model)).Message);
    }

    [Theory]
    [InlineData("F32", "0000803F0000803F0000803F0000803F0000803F0000803F")]
    [InlineData("F16", "003C003C003C003C003C003C")]
    [InlineData("BF16", "803F803F803F803F803F803F")]
    public void Embeddings_of_floats_are_read_as_before(string type, string hex)
    {
        WriteRaw("F32", new byte[12], type, Convert.FromHexString(hex));
        WeightFile read = ModelFile.Read(Model);
        Assert.Equal([1f, 1, 1, 1, 1, 1], read.Values(Embedding));
        // Only bytes have a scale: here it is a tensor that no model has, and loading a model refuses it.
        Assert.True(read.Contains(Scale));
    }

    [Theory]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(float.NaN, false)]
    public void A_value_that_is_not_finite_is_not_written(float value, bool inEmbedding)
    {
        foreach (ElementType type in (ElementType[])[ElementType.F32, ElementType.F16, ElementType.I8])
        {
            var weights = new WeightFile([new(Embedding, [2, 2], [1, 2, 3, inEmbedding ? value : 4]), new("lm_head.weight", [1], [inEmbedding ? 1 : value])]);
            string message = Assert.Throws<InputException>(() => ModelFile.Write(Model, weights, type)).Message;
            Assert.StartsWith($"cannot write {Model}: tensor '{(inEmbedding ? Embedding : "lm_head.weight")}' holds {value}", message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        WeightFile weights = Weights([1, 2], 1, 2);
        Assert.Contains("BF16", Assert.Throws<ArgumentException>(() => ModelFile.Write(Model, weights, ElementType.BF16)).Message, StringComparison.Ordinal);
        Assert.Contains("I8", Assert.Throws<ArgumentException>(() => ModelFile.Write(Model, weights, ElementType.F32, ElementType.I8)).Message, StringComparison.Ordinal);
        Assert.Contains("[2]", Assert.Throws<ArgumentException>(() => ModelFile.Write(Model, new WeightFile([new(Embedding, [2], [1, 2])]))).Message, StringComparison.Ordinal);
        Assert.Contains(Embedding, Assert.Throws<InputException>(() => ModelFile.Write(Model, new WeightFile([]))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        ModelFile.Write(Model, Weights(Normals(12), 3, 4), ElementType.I8, ElementType.F16);
        byte[] whole = File.ReadAllBytes(Model);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Model, whole[..length]);
            Assert.StartsWith(Model, Assert.Throws<InputException>(() => WeightFiles.Read(Model)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_vocabulary_of_GPT2_takes_13_megabytes()
    {
        const int Vocabulary = 50_257, Columns = 256;
        float[] values = new float[Vocabulary * Columns];
        var random = new Random(Seed);
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        ModelFile.Write(Model, Weights(values, Vocabulary, Columns), ElementType.I8);
        // A byte a value, four a row, and the header.
        Assert.InRange(new FileInfo(Model).Length, (Columns + 4) * Vocabulary, ((Columns + 4) * Vocabulary) + 1000);
        float[] read = ModelFile.Read(Model).Values(Embedding);
        double largest = 0;
        for (int i = 0; i < values.Length; i++)
            largest = Math.Max(largest, Math.Abs(values[i] - (double)read[i]));
        Assert.InRange(largest, 0, 0.5 / 127 / 2 * 1.00001);
    }

    /// <summary>|value - scale · byte| ≤ scale / 2.</summary>
    private static void AssertNear(float value, float scale, long steps)
    {
        double difference = Math.Abs(value - ((double)scale * steps));
        Assert.True(difference <= 0.5 * scale, $"{value:R} became {steps} times {scale:R}");
    }

    private static WeightFile Weights(float[] values, int rows, int columns) => new(
        [
            new("transformer.ln_f.weight", [2], [1.5f, -2f]),
            new(Embedding, [rows, columns], values),
            new("transformer.ln_f.bias", [3], [0, 1, 2]),
            new("steps", [1], MemoryMarshal.AsBytes<long>([7L]).ToArray(), ElementType.I64),
        ],
        [new("n_layer", "1")]);

    /// <summary>A scale and an embedding [3, 2], byte by byte.</summary>
    private void WriteRaw(string scaleType, byte[] scale, string type, byte[] embedding, string shape = "[3]") => File.WriteAllBytes(Model, SafetensorsBytes.Of(
        $$$"""{"{{{Scale}}}":{"dtype":"{{{scaleType}}}","shape":{{{shape}}},"data_offsets":[0,{{{scale.Length}}}]},"{{{Embedding}}}":{"dtype":"{{{type}}}","shape":[3,2],"data_offsets":[{{{scale.Length}}},{{{scale.Length + embedding.Length}}}]} }""",
        [.. scale, .. embedding]));

    private static float[] Normals(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}

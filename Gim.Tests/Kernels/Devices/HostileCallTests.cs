using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Calls that no caller should make: each ends in a named exception, the same on every device, and harms nothing.</summary>
public class HostileCallTests
{
    private static readonly int[] Sizes = [0, 0, 1, 1, 2, 3, 4, 6, 12, -1, int.MinValue, int.MaxValue, 46_341, 65_536];

    public static TheoryData<string> Choices => ["reference", "cpu", "ilgpu-cpu"];

    /// <summary>A new operation adds its line here.</summary>
    private static readonly Action<Device, Operands>[] Calls =
    [
        (d, r) => d.Add(r.F(), r.F(), r.F()),
        (d, r) => d.Scale(r.F(), 2, r.F()),
        (d, r) => d.Gelu(r.F(), r.F()),
        (d, r) => d.GeluBackward(r.F(), r.F(), r.F()),
        (d, r) => d.Softmax(r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.NormalizeRows(r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.LayerNorm(r.F(), r.F(), r.F(), r.S(), r.S(), r.F(), r.F(), r.F()),
        (d, r) => d.LayerNormBackward(r.F(), r.F(), r.F(), r.F(), r.F(), r.S(), r.S(), r.F(), r.F(), r.F()),
        (d, r) => d.Multiply(r.F(), r.F(), new ProductShape(r.S(), r.S(), r.S()) { TransposeA = r.B() }, r.F(), r.F()),
        (d, r) => d.GatherRows(r.F(), r.I(), r.S(), r.S(), r.F()),
        (d, r) => d.ScatterAddRows(r.F(), r.I(), r.S(), r.S(), r.F()),
        (d, r) => d.LogSoftmax(r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.SoftmaxBackward(r.F(), r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.LogSoftmaxBackward(r.F(), r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.NormalizeRowsBackward(r.F(), r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.SumRows(r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.StandardizeColumns(r.F(), r.S(), r.S(), r.F(), r.F(), r.F()),
        (d, r) => d.CorrelateColumns(r.F(), r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.CrossEntropy(r.F(), r.I(), r.S(), r.S(), 1, r.F(), r.F()),
        (d, r) => d.AddSumOfSquares(r.F(), r.F()),
        (d, r) => d.AdamW(r.F(), r.F(), r.F(), r.F(), new AdamWStep { LearningRate = r.X(), Step = r.S(), MaximumNorm = r.X() }, r.F()),
        (d, r) => d.MultiplyBatch(r.F(), r.F(), new ProductBatch(r.S(), new ProductShape(r.S(), r.S(), r.S()) { TransposeB = r.B() }, r.S(), r.S(), r.S()), r.F()),
        (d, r) => d.MultiplyBatch(r.F(), r.F(), ProductBatch.Contiguous(r.S(), new ProductShape(r.S(), r.S(), r.S())), r.F()),
        (d, r) => d.Attention(r.F(), r.A(), r.T(), r.F(), r.F()),
        (d, r) => d.AttentionBackward(r.F(), r.A(), r.T(), r.F(), r.F(), r.F(), r.F(), r.T()),
        (d, r) => d.SimilarityWeights(r.F(), r.F(), r.S(), r.S(), r.S(), r.S(), r.X(), r.F()),
        (d, r) => d.RetrievalLikelihood(r.F(), r.I(), new RetrievalShape(r.S(), r.S(), r.S(), r.S()), r.F(), r.X(), r.F(), r.F(), r.F()),
        (d, r) => d.TopK(r.F(), r.S(), r.S(), r.S(), r.F(), r.I()),
        (d, r) => d.SumSegments(r.F(), r.I(), r.I(), r.S(), r.S(), r.F()),
        (d, r) => d.AddGram(r.F(), r.S(), r.S(), r.F()),
        (d, r) => d.Upload(new float[r.S() & 3], r.F()),
        (d, r) => d.Download(r.F().Slice(r.S(), r.S()), new float[r.S() & 3]),
    ];

    [Theory, MemberData(nameof(Choices))]
    public void Random_calls_end_in_named_exceptions(string choice)
    {
        int calls = choice == "ilgpu-cpu" ? 400 : 20_000;
        var random = new Random(42);
        using Device device = DeviceCatalog.Open(choice), other = DeviceCatalog.Open("reference");
        DeviceView<float>[] floats = Views(device.AllocateFloats, other.AllocateFloats);
        DeviceView<int>[] ints = Views(device.AllocateInts, other.AllocateInts);
        var operands = new Operands(random, floats, ints);
        int done = 0, refused = 0;
        for (int call = 0; call < calls; call++)
        {
            try
            {
                operands.Next();
                Calls[random.Next(Calls.Length)](device, operands);
                done++;
            }
            catch (Exception refusal) when (refusal is ShapeException or BufferException or HyperparameterException)
            {
                Assert.DoesNotContain('\n', refusal.Message);
                refused++;
            }
        }
        // Both ways must have been taken often for the test to say anything.
        Assert.True(done > calls / 100 && refused > calls / 2, $"{done} calls were done, {refused} refused");
        using DeviceBuffer<float> alive = device.Upload([1f, 2]);
        device.Add(alive, alive, alive);
        Assert.Equal([2f, 4], alive.ToArray());
    }

    /// <summary>
    /// Operands at random. In one call of four all are of one value each, so that operations with many operands are not
    /// refused every time.
    /// </summary>
    private sealed class Operands(Random random, DeviceView<float>[] floats, DeviceView<int>[] ints)
    {
        private readonly DeviceView<float>[] singleFloats = [.. floats.Where(view => view.Length == 1)];
        private readonly DeviceView<int>[] singleInts = [.. ints.Where(view => view.Length == 1)];
        private bool single;

        public void Next() => single = random.Next(4) == 0;

        public DeviceView<float> F() => Any(single ? singleFloats : floats);

        public DeviceView<int> I() => Any(single ? singleInts : ints);

        /// <summary>A size.</summary>
        public int S() => single ? 1 : Any(Sizes);

        /// <summary>A hyper-parameter.</summary>
        public float X() => single ? 1 : Any([0, 1, -1, float.NaN, float.PositiveInfinity]);

        /// <summary>Sizes of attention that fit three values where all operands have few.</summary>
        public AttentionShape A() => new(S(), S(), S(), S()) { Window = S(), FirstQuery = B() ? 0 : S() };

        /// <summary>Terms of attention, each there in one case of two.</summary>
        public AttentionTerms T() => new() { RelativeKeys = B() ? F() : default, RelativeValues = B() ? F() : default, Bias = B() ? F() : default };

        public bool B() => random.Next(2) == 0;

        private T Any<T>(T[] all) => all[random.Next(all.Length)];
    }

    private static DeviceView<T>[] Views<T>(Func<int, string?, DeviceBuffer<T>> allocate, Func<int, string?, DeviceBuffer<T>> foreign) where T : unmanaged
    {
        DeviceBuffer<T> disposed = allocate(4, null), large = allocate(24, null);
        disposed.Dispose();
        return
        [
            default, foreign(4, null), disposed, large.Slice(0, 12), large.Slice(6, 12), large.Slice(12, 4),
            .. new[] { 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4, 4, 6, 12, 12 }.Select(length => (DeviceView<T>)allocate(length, null)),
        ];
    }

    [Fact]
    public void Messages_name_the_operation_the_operand_and_the_numbers()
    {
        using Device device = DeviceCatalog.Open("cpu"), other = DeviceCatalog.Open("reference");
        using DeviceBuffer<float> six = device.AllocateFloats(6), four = device.AllocateFloats(4), foreign = other.AllocateFloats(6);
        Assert.Equal("softmax: destination has 4 values where 6 are needed", Assert.Throws<ShapeException>(() => device.Softmax(six, 2, 3, four)).Message);
        Assert.Equal("softmax: rows is -2; it must not be negative", Assert.Throws<ShapeException>(() => device.Softmax(six, -2, -3, six)).Message);
        Assert.Contains("rows 65536 x columns 65536", Assert.Throws<ShapeException>(() => device.Softmax(six, 65_536, 65_536, six)).Message, StringComparison.Ordinal);
        Assert.Contains("overlaps a part of source", Assert.Throws<ShapeException>(() => device.Scale(six.Slice(0, 4), 2, six.Slice(2, 4))).Message, StringComparison.Ordinal);
        Assert.Equal("top k: k is 4; it must be from 0 to the 3 columns", Assert.Throws<ShapeException>(() => device.TopK(six, 2, 3, 4, six, default)).Message);
        Assert.Contains("c overlaps b", Assert.Throws<ShapeException>(() => device.Multiply(four, six.Slice(0, 4), new ProductShape(2, 2, 2), six.Slice(0, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to device reference, not to this cpu", Assert.Throws<BufferException>(() => device.Add(six, foreign, six)).Message, StringComparison.Ordinal);
        Assert.Equal("add: a has no buffer", Assert.Throws<BufferException>(() => device.Add(default, six, six)).Message);
        six.Dispose();
        Assert.Contains("was disposed", Assert.Throws<BufferException>(() => device.Gelu(six, six)).Message, StringComparison.Ordinal);
        Assert.Throws<BufferException>(() => six.ToArray());
    }
}

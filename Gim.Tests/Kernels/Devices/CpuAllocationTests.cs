using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>
/// An operation on the CPU takes no managed memory once it has run: thousands of calls a second would keep the collector
/// busy. On one thread, as only the caller's memory can be told from other tests'.
/// </summary>
public class CpuAllocationTests
{
    private const int Rows = 33, Columns = 129, Count = Rows * Columns;

    private static readonly AttentionShape Heads = new(1, 33, 4, 8) { Window = 5 };

    /// <summary>A new operation adds its line here, under its name in <see cref="OperationChecks"/>.</summary>
    private static readonly Dictionary<string, Action<Device, Operands>> Calls = new()
    {
        ["add"] = (d, o) => d.Add(o.F(0, Count), o.F(1, Count), o.F(2, Count)),
        ["scale"] = (d, o) => d.Scale(o.F(0, Count), 2, o.F(1, Count)),
        ["gelu"] = (d, o) => d.Gelu(o.F(0, Count), o.F(1, Count)),
        ["gelu backward"] = (d, o) => d.GeluBackward(o.F(0, Count), o.F(1, Count), o.F(2, Count)),
        ["softmax"] = (d, o) => d.Softmax(o.F(0, Count), Rows, Columns, o.F(1, Count)),
        ["normalize rows"] = (d, o) => d.NormalizeRows(o.F(0, Count), Rows, Columns, o.F(1, Count)),
        ["layer norm"] = (d, o) => d.LayerNorm(o.F(0, Count), o.F(1, Columns), o.F(2, Columns), Rows, Columns, o.F(3, Count), o.F(4, Rows), o.F(5, Rows)),
        ["layer norm backward"] = (d, o) => d.LayerNormBackward(
            o.F(0, Count), o.F(1, Columns), o.F(2, Rows), o.F(3, Rows), o.F(4, Count), Rows, Columns, o.F(5, Count), o.F(6, Columns), o.F(7, Columns)),
        ["multiply"] = (d, o) => d.Multiply(o.F(0, Count), o.F(1, Columns * Columns), new ProductShape(Rows, Columns, Columns), o.F(2, Count), o.F(3, Columns)),
        ["gather rows"] = (d, o) => d.GatherRows(o.F(0, Count), o.I(0, Rows), Rows, Columns, o.F(1, Count)),
        ["scatter-add rows"] = (d, o) => d.ScatterAddRows(o.F(0, Count), o.I(0, Rows), Rows, Columns, o.F(1, Count)),
        ["log-softmax"] = (d, o) => d.LogSoftmax(o.F(0, Count), Rows, Columns, o.F(1, Count)),
        ["softmax backward"] = (d, o) => d.SoftmaxBackward(o.F(0, Count), o.F(1, Count), Rows, Columns, o.F(2, Count)),
        ["log-softmax backward"] = (d, o) => d.LogSoftmaxBackward(o.F(0, Count), o.F(1, Count), Rows, Columns, o.F(2, Count)),
        ["normalize rows backward"] = (d, o) => d.NormalizeRowsBackward(o.F(0, Count), o.F(1, Count), Rows, Columns, o.F(2, Count)),
        ["sum rows"] = (d, o) => d.SumRows(o.F(0, Count), Rows, Columns, o.F(1, Columns)),
        ["standardize columns"] = (d, o) => d.StandardizeColumns(o.F(0, Count), Rows, Columns, o.F(1, Count), o.F(2, Columns), o.F(3, Columns)),
        ["correlate columns"] = (d, o) => d.CorrelateColumns(o.F(0, Count), o.F(1, Count), Rows, Columns, o.F(2, Columns)),
        ["cross-entropy"] = (d, o) => d.CrossEntropy(o.F(0, Count), o.I(0, Rows), Rows, Columns, 1, o.F(1, Rows), o.F(2, Count)),
        ["add sum of squares"] = (d, o) => d.AddSumOfSquares(o.F(0, Count), o.F(1, 1)),
        ["adamw"] = (d, o) => d.AdamW(o.F(0, Count), o.F(1, Count), o.F(2, Count), o.F(3, Count), new AdamWStep { LearningRate = 1, Step = 1, MaximumNorm = 1 }, o.F(4, 1)),
        ["top k"] = (d, o) => d.TopK(o.F(0, Count), Rows, Columns, 7, o.F(1, 7 * Rows), o.I(0, 7 * Rows)),
        ["sum segments"] = (d, o) => d.SumSegments(o.F(0, Count), o.I(0, Columns), o.I(1, 8), Rows, Columns, o.F(1, 7 * Rows)),
        ["multiply batch"] = (d, o) => d.MultiplyBatch(
            o.F(0, 33 * Columns), o.F(1, 33 * Columns), ProductBatch.Contiguous(3, new ProductShape(11, 11, Columns) { TransposeB = true }), o.F(2, 3 * 121)),
        ["attention"] = (d, o) => d.Attention(o.F(0, 33 * 96), Heads, Terms(o, 1), o.F(4, 33 * 32), o.F(5, 33 * 4)),
        ["attention backward"] = (d, o) => d.AttentionBackward(
            o.F(0, 33 * 96), Heads, Terms(o, 1), o.F(4, 33 * 32), o.F(5, 33 * 4), o.F(6, 33 * 32), o.F(7, 33 * 96), Terms(o, 8)),
        ["similarity weights"] = (d, o) => d.SimilarityWeights(o.F(0, Count), o.F(1, Count), Rows, Rows, Columns, 3, 10, o.F(2, Rows * Rows)),
        ["retrieval likelihood"] = (d, o) => d.RetrievalLikelihood(
            o.F(0, Count), o.I(0, Rows), new RetrievalShape(1, Rows, Columns, 2), o.F(1, 1), 1, o.F(2, Rows), o.F(3, Count), o.F(4, 1)),
        ["add gram"] = (d, o) => d.AddGram(o.F(0, Count), Rows, Columns, o.F(1, Columns * Columns)),
    };

    private static AttentionTerms Terms(Operands o, int first)
        => new() { RelativeKeys = o.F(first, 5 * 8), RelativeValues = o.F(first + 1, 5 * 8), Bias = o.F(first + 2, 4 * 5) };

    [Fact]
    public void Every_operation_is_called() => Assert.Equal(OperationChecks.All.Keys.Order(), Calls.Keys.Order());

    [Fact]
    public void A_second_call_allocates_nothing()
    {
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        using var operands = new Operands(device);
        List<string> allocating = [];
        foreach ((string name, Action<Device, Operands> call) in Calls)
        {
            call(device, operands);
            long before = GC.GetAllocatedBytesForCurrentThread();
            call(device, operands);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes != 0) allocating.Add($"{name}: {bytes} bytes");
        }
        Assert.Empty(allocating);
    }

    /// <summary>Numbered buffers of zeros; operands are views of them, so that asking for one takes no memory.</summary>
    private sealed class Operands(Device device) : IDisposable
    {
        private const int Buffers = 12;

        private readonly DeviceBuffer<float>[] floats = [.. Enumerable.Range(0, Buffers).Select(_ => device.AllocateFloats(Columns * Columns))];
        private readonly DeviceBuffer<int>[] ints = [.. Enumerable.Range(0, Buffers).Select(_ => device.AllocateInts(Count))];

        public DeviceView<float> F(int buffer, int length) => floats[buffer].Slice(0, length);

        public DeviceView<int> I(int buffer, int length) => ints[buffer].Slice(0, length);

        public void Dispose()
        {
            foreach (DeviceBuffer<float> buffer in floats) buffer.Dispose();
            foreach (DeviceBuffer<int> buffer in ints) buffer.Dispose();
        }
    }
}

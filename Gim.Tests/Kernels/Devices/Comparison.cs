using System.Runtime.InteropServices;
using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>How far a device may be from the reference: |difference| at most Absolute + Relative · |expected|.</summary>
internal readonly record struct Tolerance(double Absolute, double Relative)
{
    public static Tolerance Exact => default;
}

/// <summary>One operation on two devices: the same operands, and results compared value by value.</summary>
/// <param name="exact">Whether the results must be the same to the last bit, whatever the operation's tolerance.</param>
internal sealed class Comparison(Device reference, Device device, bool exact = false)
{
    /// <summary>Values before and after each operand that no operation may touch.</summary>
    private const int Fence = 67;

    private const float FenceValue = -12345.5f;

    private readonly Random random = new(42);

    public DeviceKind Kind => device.Description.Kind;

    /// <summary>The largest difference met so far.</summary>
    public double Largest { get; private set; }

    /// <summary>The largest share of what was allowed that a difference took: 1 would be all of it.</summary>
    public double LargestShare { get; private set; }

    /// <summary>Lengths of lists: none, one, odd, around every vector's width and a group of threads.</summary>
    public IEnumerable<int> Lengths => Kind == DeviceKind.IlgpuCpu
        ? [0, 1, 7, 255, 256, 257]
        : [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1001, 100_003];

    /// <summary>Rows and columns, the latter around a row's group of 128 threads.</summary>
    public IEnumerable<(int Rows, int Columns)> Matrices => Kind == DeviceKind.IlgpuCpu
        ? [(0, 5), (5, 0), (1, 1), (3, 17), (2, 127), (2, 129)]
        : [(0, 5), (5, 0), (1, 1), (2, 1), (3, 7), (5, 16), (4, 31), (4, 33), (3, 127), (3, 128), (3, 129), (65, 257), (300, 768), (2, 50_257)];

    public float[] Normal(int count, double scale = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    public int[] Integers(int count, int low, int high)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = random.Next(low, high);
        return values;
    }

    /// <summary>Runs <paramref name="operation"/> on both devices and compares its outputs.</summary>
    /// <param name="what">The case, for the failure's message.</param>
    /// <param name="outputs">What the outputs hold before: an operation may add to them, or must overwrite them.</param>
    /// <param name="operation">Device, inputs and outputs as views inside larger buffers, whose other values must stay.</param>
    public void Compare(
        string what, Tolerance tolerance, float[][] inputs, float[][] outputs,
        Action<Device, DeviceView<float>[], DeviceView<float>[]> operation)
    {
        float[][] expected = Run(reference, what, inputs, outputs, operation);
        float[][] actual = Run(device, what, inputs, outputs, operation);
        for (int o = 0; o < outputs.Length; o++)
        {
            for (int i = 0; i < outputs[o].Length; i++)
                CompareValue($"{device.Description.Choice}, {what}: output {o}, value {i}", exact ? Tolerance.Exact : tolerance, expected[o][i], actual[o][i]);
        }
    }

    private void CompareValue(string what, Tolerance tolerance, float expected, float actual)
    {
        if (float.IsNaN(expected) || float.IsInfinity(expected))
        {
            Assert.True(expected.Equals(actual), $"{what} is {actual:R} where the reference has {expected:R}");
            return;
        }
        double difference = Math.Abs((double)actual - expected);
        Assert.True(difference <= tolerance.Absolute + tolerance.Relative * Math.Abs(expected),
            $"{what} is {actual:R} where the reference has {expected:R}: difference {difference:G3}, tolerance {tolerance}");
        Largest = Math.Max(Largest, difference);
        if (difference > 0) LargestShare = Math.Max(LargestShare, difference / (tolerance.Absolute + tolerance.Relative * Math.Abs(expected)));
    }

    private static float[][] Run(
        Device on, string what, float[][] inputs, float[][] outputs, Action<Device, DeviceView<float>[], DeviceView<float>[]> operation)
    {
        using var held = new Operands(on);
        DeviceView<float>[] sources = [.. inputs.Select(held.Place)], destinations = [.. outputs.Select(held.Place)];
        operation(on, sources, destinations);
        held.CheckFences(what);
        for (int i = 0; i < inputs.Length; i++)
        {
            var now = new float[inputs[i].Length];
            on.Download(sources[i], now);
            // As bits: NaN is unequal to itself.
            Assert.True(MemoryMarshal.AsBytes(inputs[i].AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(now.AsSpan())), $"{on.Description.Choice}, {what}: input {i} was changed");
        }
        return [.. destinations.Select(view =>
        {
            var values = new float[view.Length];
            on.Download(view, values);
            return values;
        })];
    }

    /// <summary>Buffers that hold an operand between fences.</summary>
    private sealed class Operands(Device on) : IDisposable
    {
        private readonly List<(DeviceBuffer<float> Buffer, int Length)> buffers = [];

        public DeviceView<float> Place(float[] values)
        {
            float[] fence = [.. Enumerable.Repeat(FenceValue, Fence)];
            DeviceBuffer<float> buffer = on.Upload((float[])[.. fence, .. values, .. fence]);
            buffers.Add((buffer, values.Length));
            return buffer.Slice(Fence, values.Length);
        }

        public void CheckFences(string what)
        {
            foreach ((DeviceBuffer<float> buffer, int length) in buffers)
            {
                float[] all = buffer.ToArray();
                Assert.True(all.AsSpan(0, Fence).IndexOfAnyExcept(FenceValue) < 0 && all.AsSpan(Fence + length).IndexOfAnyExcept(FenceValue) < 0,
                    $"{on.Description.Choice}, {what}: values outside an operand were written");
            }
        }

        public void Dispose() => buffers.ForEach(held => held.Buffer.Dispose());
    }
}

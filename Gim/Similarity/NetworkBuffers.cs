using Gim.Kernels.Devices;

namespace Gim.Similarity;

/// <summary>What lies between the layers during a pass over so many rows.</summary>
internal sealed class NetworkBuffers : IDisposable
{
    private const string Smaller = "use a smaller similarity model, or another device";

    private readonly List<IDisposable> held = [];
    private int[] numbers = [];

    public NetworkBuffers(Device device, SimilarityConfiguration configuration, int rows)
    {
        Rows = rows;
        int d = configuration.Columns;
        DeviceBuffer<float> Floats(int columns)
        {
            DeviceBuffer<float> buffer = device.AllocateFloats(checked(rows * columns), Smaller);
            held.Add(buffer);
            return buffer;
        }

        Stream = Floats(d);
        Normal = Floats(d);
        QueriesKeysValues = Floats(3 * d);
        Hidden = Floats(4 * d);
        Mean = Floats(1);
        InverseDeviation = Floats(1);
        LogSumExp = Floats(configuration.Heads);
        Indexes = device.AllocateInts(rows, Smaller);
        held.Add(Indexes);
    }

    public int Rows { get; }

    public DeviceBuffer<float> Stream { get; }

    public DeviceBuffer<float> Normal { get; }

    public DeviceBuffer<float> QueriesKeysValues { get; }

    public DeviceBuffer<float> Hidden { get; }

    public DeviceBuffer<float> Mean { get; }

    public DeviceBuffer<float> InverseDeviation { get; }

    public DeviceBuffer<float> LogSumExp { get; }

    public DeviceBuffer<int> Indexes { get; }

    /// <summary>number(0), number(1), ... in memory that is used again.</summary>
    public ReadOnlySpan<int> Numbers(int count, Func<int, int> number)
    {
        if (numbers.Length < count) numbers = new int[count];
        for (int i = 0; i < count; i++)
            numbers[i] = number(i);
        return numbers.AsSpan(0, count);
    }

    public void Dispose() => held.ForEach(buffer => buffer.Dispose());
}

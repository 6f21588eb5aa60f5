using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Calls that no caller should make: each ends in a named exception, the same on every device, and harms nothing.</summary>
public class HostileCallTests
{
    private static readonly int[] Sizes = [0, 0, 1, 1, 2, 3, 4, 6, 12, -1, int.MinValue, int.MaxValue, 46_341, 65_536];

    public static TheoryData<string> Choices => ["reference", "cpu", "ilgpu-cpu"];

    [Theory, MemberData(nameof(Choices))]
    public void Random_calls_end_in_named_exceptions(string choice)
    {
        int calls = choice == "ilgpu-cpu" ? 3000 : 20_000;
        var random = new Random(42);
        using Device device = DeviceCatalog.Open(choice), other = DeviceCatalog.Open("reference");
        DeviceView<float>[] floats = Views(device.AllocateFloats, other.AllocateFloats);
        DeviceView<int>[] ints = Views(device.AllocateInts, other.AllocateInts);
        int done = 0, refused = 0;
        for (int call = 0; call < calls; call++)
        {
            try
            {
                Call(device, random, floats, ints);
                done++;
            }
            catch (Exception refusal) when (refusal is ShapeException or BufferException)
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

    private static DeviceView<T>[] Views<T>(Func<int, string?, DeviceBuffer<T>> allocate, Func<int, string?, DeviceBuffer<T>> foreign) where T : unmanaged
    {
        DeviceBuffer<T> disposed = allocate(4, null), large = allocate(24, null);
        disposed.Dispose();
        return
        [
            default, foreign(4, null), disposed, large.Slice(0, 12), large.Slice(6, 12), large.Slice(12, 4),
            .. new[] { 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4, 4, 6, 12, 12 }.Select(length => (DeviceView<T>)allocate(length, null)),
        ];
    }

    private static void Call(Device d, Random random, DeviceView<float>[] floats, DeviceView<int>[] ints)
    {
        DeviceView<float> F() => floats[random.Next(floats.Length)];
        DeviceView<int> I() => ints[random.Next(ints.Length)];
        int S() => Sizes[random.Next(Sizes.Length)];
        switch (random.Next(13))
        {
            case 0: d.Add(F(), F(), F()); break;
            case 1: d.Scale(F(), 2, F()); break;
            case 2: d.Gelu(F(), F()); break;
            case 3: d.GeluBackward(F(), F(), F()); break;
            case 4: d.Softmax(F(), S(), S(), F()); break;
            case 5: d.NormalizeRows(F(), S(), S(), F()); break;
            case 6: d.LayerNorm(F(), F(), F(), S(), S(), F(), F(), F()); break;
            case 7: d.LayerNormBackward(F(), F(), F(), F(), F(), S(), S(), F(), F(), F()); break;
            case 8: d.Multiply(F(), F(), new ProductShape(S(), S(), S()) { TransposeA = random.Next(2) == 0 }, F(), F()); break;
            case 9: d.GatherRows(F(), I(), S(), S(), F()); break;
            case 10: d.ScatterAddRows(F(), I(), S(), S(), F()); break;
            case 11: d.Upload(new float[random.Next(5)], F()); break;
            default: d.Download(F().Slice(S(), S()), new float[random.Next(5)]); break;
        }
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
        Assert.Contains("c overlaps b", Assert.Throws<ShapeException>(() => device.Multiply(four, six.Slice(0, 4), new ProductShape(2, 2, 2), six.Slice(0, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to device reference, not to this cpu", Assert.Throws<BufferException>(() => device.Add(six, foreign, six)).Message, StringComparison.Ordinal);
        Assert.Equal("add: a has no buffer", Assert.Throws<BufferException>(() => device.Add(default, six, six)).Message);
        six.Dispose();
        Assert.Contains("was disposed", Assert.Throws<BufferException>(() => device.Gelu(six, six)).Message, StringComparison.Ordinal);
        Assert.Throws<BufferException>(() => six.ToArray());
    }
}

using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Buffers: where their memory comes from, goes to, and ends.</summary>
public class DeviceMemoryTests
{
    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Memory_of_a_disposed_buffer_is_used_again_and_zero(string choice)
    {
        using Device device = DeviceCatalog.Open(choice);
        DeviceBuffer<float> first = device.Upload([1f, 2, 3]);
        long used = device.UsedBytes;
        Assert.True(used >= 12);
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, device.UsedBytes);
        using DeviceBuffer<int> second = device.AllocateInts(3);
        Assert.Equal(used, device.UsedBytes);
        Assert.Equal([0, 0, 0], second.ToArray());
        device.TrimMemory();
        Assert.Equal([0, 0, 0], second.ToArray());
    }

    [Fact]
    public void A_full_memory_says_what_was_asked_what_is_free_and_what_to_do()
    {
        using Device device = DeviceCatalog.Open("cpu");
        device.MemoryLimit = 1_000_000;
        using DeviceBuffer<float> half = device.AllocateFloats(131_072, "lower 'batch'");
        string message = Assert.Throws<DeviceMemoryException>(() => device.AllocateFloats(131_072, "lower 'batch'")).Message;
        Assert.Equal("cpu: 524,288 bytes were asked for where 475,712 of 1,000,000 are free; lower 'batch'", message);
        half.Dispose();
        // What is kept for later gives way.
        using DeviceBuffer<float> other = device.AllocateFloats(200_000);
        Assert.Throws<ShapeException>(() => device.AllocateFloats(-1));
        Assert.Throws<ShapeException>(() => device.AllocateFloats(int.MaxValue));
    }

    [Fact]
    public void Buffers_of_a_disposed_device_say_so()
    {
        Device device = DeviceCatalog.Open("cpu");
        DeviceBuffer<float> buffer = device.AllocateFloats(10);
        device.Dispose();
        device.Dispose();
        Assert.True(buffer.IsDisposed);
        Assert.Throws<BufferException>(() => buffer.ToArray());
        Assert.Throws<BufferException>(() => device.AllocateFloats(1));
        Assert.Throws<BufferException>(device.Synchronize);
        buffer.Dispose();
    }

    [Fact]
    public void Slices_stay_inside()
    {
        using Device device = DeviceCatalog.Open("cpu");
        using DeviceBuffer<float> buffer = device.Upload([0f, 1, 2, 3, 4]);
        var two = new float[2];
        device.Download(buffer.Slice(1, 4).Slice(2, 2), two);
        Assert.Equal([3f, 4], two);
        foreach ((int start, int length) in ((int, int)[])[(0, 6), (-1, 2), (5, 1), (2, -1), (int.MaxValue, 1), (1, int.MaxValue), (int.MinValue, int.MinValue)])
            Assert.Throws<ShapeException>(() => buffer.Slice(start, length));
    }

    [Fact]
    public void Size_classes_waste_little()
    {
        long previous = 0;
        for (long bytes = 1; bytes < 1L << 34; bytes += 1 + bytes / 7)
        {
            long size = StoragePool.ClassOf(bytes);
            Assert.True(size >= bytes && (size <= 1024 || size <= bytes * 1.25) && size % 64 == 0, $"{bytes} bytes take {size}");
            Assert.True(size >= previous);
            previous = size;
        }
    }
}

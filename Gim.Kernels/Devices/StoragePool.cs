using System.Numerics;

namespace Gim.Kernels.Devices;

/// <summary>
/// A device's memory blocks, kept by size class between uses: a training step asks for the same sizes again and again,
/// and drivers allocate slowly. Classes are a quarter of a power of two apart, so at most a fifth of a block is unused.
/// </summary>
internal sealed class StoragePool(Func<long, DeviceStorage> create)
{
    private const long SmallestClass = 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Stack<DeviceStorage>> free = [];
    private readonly HashSet<DeviceStorage> lent = [];

    /// <summary>Bytes of all blocks, lent or kept.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Bytes of the blocks that buffers use now.</summary>
    public long LentBytes { get; private set; }

    public static long ClassOf(long bytes)
    {
        if (bytes <= SmallestClass) return SmallestClass;
        long step = (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) / 8;
        return (bytes + step - 1) / step * step;
    }

    /// <returns>Null where the block would pass <paramref name="limit"/> even after all kept blocks are freed.</returns>
    public DeviceStorage? Take(long bytes, long limit)
    {
        long size = ClassOf(bytes);
        lock (gate)
        {
            DeviceStorage storage;
            if (free.TryGetValue(size, out Stack<DeviceStorage>? kept) && kept.TryPop(out DeviceStorage? found))
            {
                storage = found;
            }
            else
            {
                if (HeldBytes > limit - size) FreeKept();
                if (HeldBytes > limit - size) return null;
                storage = create(size);
                HeldBytes += size;
            }
            lent.Add(storage);
            LentBytes += size;
            return storage;
        }
    }

    public void Return(DeviceStorage storage)
    {
        lock (gate)
        {
            // A device that was disposed before its buffers has freed their blocks already.
            if (!lent.Remove(storage)) return;
            LentBytes -= storage.Bytes;
            if (!free.TryGetValue(storage.Bytes, out Stack<DeviceStorage>? kept))
                free.Add(storage.Bytes, kept = new Stack<DeviceStorage>());
            kept.Push(storage);
        }
    }

    /// <summary>Frees the blocks that no buffer uses.</summary>
    public void Trim()
    {
        lock (gate) FreeKept();
    }

    /// <summary>Frees every block; buffers that still hold one say so when they are used.</summary>
    public void ReleaseAll()
    {
        lock (gate)
        {
            FreeKept();
            foreach (DeviceStorage storage in lent)
            {
                storage.Release();
                HeldBytes -= storage.Bytes;
            }
            lent.Clear();
            LentBytes = 0;
        }
    }

    private void FreeKept()
    {
        foreach (DeviceStorage storage in free.Values.SelectMany(kept => kept))
        {
            storage.Release();
            HeldBytes -= storage.Bytes;
        }
        free.Clear();
    }
}

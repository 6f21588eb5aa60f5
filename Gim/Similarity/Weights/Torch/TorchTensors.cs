using System.Runtime.InteropServices;
using Gim.Config;

namespace Gim.Similarity.Weights.Torch;

/// <summary>Reads the values of tensors from an archive's storages, each storage once.</summary>
internal sealed class TorchTensors
{
    /// <summary>Views of one storage may overlap, such as one weight under two names and its parts; more than that is a claim to memory.</summary>
    private const int MostViews = 4;

    private readonly TorchArchive archive;
    private readonly string path;
    private readonly IReadOnlyList<(string Name, PickledTensor Tensor)> tensors;
    private readonly WeightTensor[] result;

    private TorchTensors(TorchArchive archive, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, string path)
    {
        this.archive = archive;
        this.path = path;
        this.tensors = tensors;
        result = new WeightTensor[tensors.Count];
    }

    /// <summary>The tensors with their values, in their order. Names for one and the same view of a storage share one array.</summary>
    /// <exception cref="InputException">A storage is missing, is not as long as the pickle says, or is of doubles.</exception>
    public static WeightTensor[] Read(TorchArchive archive, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, string path)
    {
        var reader = new TorchTensors(archive, tensors, path);
        foreach (var group in Enumerable.Range(0, tensors.Count).GroupBy(i => tensors[i].Tensor.Storage))
            reader.ReadStorage(group.Key, [.. group]);
        return reader.result;
    }

    private void ReadStorage(PickledStorage storage, int[] members)
    {
        string first = Quote.Of(tensors[members[0]].Name);
        ElementType type = CheckStorage(storage, first);
        var views = new Dictionary<string, List<int>>();
        Int128 covered = 0;
        foreach (int i in members)
        {
            PickledTensor tensor = tensors[i].Tensor;
            string view = $"{tensor.Offset};{string.Join(',', tensor.Shape)};{string.Join(',', tensor.Strides)}";
            if (!views.TryGetValue(view, out List<int>? same))
            {
                views.Add(view, same = []);
                covered += tensor.Length;
            }
            same.Add(i);
        }
        if (covered > (Int128)MostViews * storage.Length)
        {
            throw new InputException(
                $"{path}: the tensors of one storage, such as {first}, have {covered} values, where it holds {storage.Length}; " +
                "save them with .contiguous() or .clone()");
        }
        if (type.IsFloat())
            ReadFloats(storage, type, views.Values);
        else
            ReadIntegers(storage, type, views.Values);
    }

    /// <summary>The type, where the archive has the storage and it is as long as the pickle says.</summary>
    private ElementType CheckStorage(PickledStorage storage, string first)
    {
        if (storage.Type.Type is not { } type)
        {
            throw new InputException(
                $"{path}: tensor {first} is of doubles ({storage.Type.Name}), which float32 cannot hold exactly; " +
                "save it as float32: torch.save(model.float().state_dict(), path)");
        }
        long bytes = archive.StorageLength(storage.Key) ?? throw new InputException(
            $"{path}: the storage {Quote.Of(storage.Key)} of tensor {first} is not in the archive; {TorchCheckpoint.Advice}");
        // The claimed length can be anything below 63 bits: divide, for the product could overflow.
        if (bytes % type.Width() != 0 || bytes / type.Width() != storage.Length)
        {
            throw new InputException(
                $"{path}: the storage of tensor {first} has {bytes} bytes, which is not what {storage.Length} elements of {type} take; {TorchCheckpoint.Advice}");
        }
        if (storage.Length > MostElements(type))
            throw new InputException($"{path}: the storage of tensor {first} has {storage.Length} elements, more than can be read; save the tensors one by one");
        return type;
    }

    /// <summary>Elements of the longest array: of floats, or of an integer's bytes.</summary>
    private static long MostElements(ElementType type) => type.IsFloat() ? Array.MaxLength : Array.MaxLength / type.Width();

    private void ReadFloats(PickledStorage storage, ElementType type, IEnumerable<List<int>> views)
    {
        float[] all = [];
        archive.ReadStorage(storage.Key, stream => ElementReader.Read(stream, type, all = new float[storage.Length]));
        bool taken = false;
        foreach (List<int> same in views)
        {
            PickledTensor tensor = tensors[same[0]].Tensor;
            float[] values = all;
            // One weight in two shapes gets two arrays: only what is the same tensor shares its values.
            if (IsWhole(tensor) && !taken)
            {
                taken = true;
            }
            else
            {
                values = new float[CheckLength(tensor, type, same)];
                Gather<float>(all, tensor, values);
            }
            foreach (int i in same)
                result[i] = new WeightTensor(tensors[i].Name, tensor.Shape, values);
        }
    }

    private void ReadIntegers(PickledStorage storage, ElementType type, IEnumerable<List<int>> views)
    {
        byte[] all = [];
        archive.ReadStorage(storage.Key, stream => stream.ReadExactly(all = new byte[storage.Length * type.Width()]));
        foreach (List<int> same in views)
        {
            PickledTensor tensor = tensors[same[0]].Tensor;
            byte[] bytes = all;
            if (!IsWhole(tensor))
            {
                bytes = new byte[CheckLength(tensor, type, same) * type.Width()];
                switch (type.Width())
                {
                    case 8: Gather<long>(MemoryMarshal.Cast<byte, long>(all), tensor, MemoryMarshal.Cast<byte, long>(bytes.AsSpan())); break;
                    case 4: Gather<int>(MemoryMarshal.Cast<byte, int>(all), tensor, MemoryMarshal.Cast<byte, int>(bytes.AsSpan())); break;
                    case 2: Gather<short>(MemoryMarshal.Cast<byte, short>(all), tensor, MemoryMarshal.Cast<byte, short>(bytes.AsSpan())); break;
                    default: Gather<byte>(all, tensor, bytes); break;
                }
            }
            foreach (int i in same)
                result[i] = new WeightTensor(tensors[i].Name, tensor.Shape, bytes, type);
        }
    }

    private long CheckLength(PickledTensor tensor, ElementType type, List<int> same) => tensor.Length <= MostElements(type)
        ? tensor.Length
        : throw new InputException($"{path}: tensor {Quote.Of(tensors[same[0]].Name)} has {tensor.Length} elements, more than can be read; save it in parts");

    /// <summary>Whether the tensor is its storage, element for element.</summary>
    private static bool IsWhole(PickledTensor tensor) => tensor.Offset == 0 && tensor.Length == tensor.Storage.Length && tensor.IsContiguous;

    /// <summary>result[i0, i1, ...] = storage[offset + i0 stride0 + i1 stride1 + ...], row by row.</summary>
    private static void Gather<T>(ReadOnlySpan<T> storage, PickledTensor tensor, Span<T> result)
    {
        if (tensor.IsContiguous)
        {
            storage.Slice((int)tensor.Offset, result.Length).CopyTo(result);
            return;
        }
        var index = new int[tensor.Shape.Length];
        long position = tensor.Offset;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = storage[(int)position];
            for (int d = index.Length - 1; d >= 0; d--)
            {
                position += tensor.Strides[d];
                if (++index[d] < tensor.Shape[d])
                    break;
                position -= tensor.Strides[d] * tensor.Shape[d];
                index[d] = 0;
            }
        }
    }
}

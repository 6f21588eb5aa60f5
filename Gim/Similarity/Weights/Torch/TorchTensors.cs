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

    private TorchTensors(TorchArchive archive, string path)
    {
        this.archive = archive;
        this.path = path;
    }

    /// <summary>The tensors with their values, in their order. Names for one and the same view of a storage share one array.</summary>
    /// <exception cref="InputException">A storage is missing, is not as long as the pickle says, or is of doubles.</exception>
    public static WeightTensor[] Read(TorchArchive archive, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, string path)
    {
        var reader = new TorchTensors(archive, path);
        var result = new WeightTensor[tensors.Count];
        foreach (var group in Enumerable.Range(0, tensors.Count).GroupBy(i => tensors[i].Tensor.Storage))
            reader.ReadStorage(group.Key, [.. group], tensors, result);
        return result;
    }

    private void ReadStorage(PickledStorage storage, int[] members, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, WeightTensor[] result)
    {
        string first = tensors[members[0]].Name;
        if (storage.Type.Type is not { } type)
            throw new InputException($"{path}: tensor {Quote.Of(first)} is of doubles ({storage.Type.Name}), which float32 cannot hold exactly; save it as float32: model.float().state_dict()");
        long bytes = archive.StorageLength(storage.Key) ?? throw new InputException(
            $"{path}: the storage {Quote.Of(storage.Key)} of tensor {Quote.Of(first)} is not in the archive; {TorchCheckpoint.Advice}");
        // Length is at most the 63 bits of a pickle's number: divide, for the product could overflow.
        if (bytes % type.Width() != 0 || bytes / type.Width() != storage.Length)
            throw new InputException($"{path}: the storage of tensor {Quote.Of(first)} has {bytes} bytes, which is not what {storage.Length} elements of {type} take; {TorchCheckpoint.Advice}");
        if (storage.Length > (type.IsFloat() ? Array.MaxLength : Array.MaxLength / type.Width()))
            throw new InputException($"{path}: the storage of tensor {Quote.Of(first)} has {storage.Length} elements, more than can be read; save the tensors one by one");

        Dictionary<string, List<int>> views = [];
        foreach (int i in members)
        {
            PickledTensor tensor = tensors[i].Tensor;
            string view = $"{tensor.Offset};{string.Join(',', tensor.Shape)};{string.Join(',', tensor.Strides)}";
            CollectionsMarshal.GetValueRefOrAddDefault(views, view, out _) ??= [];
            views[view].Add(i);
        }
        Int128 covered = 0;
        foreach (List<int> same in views.Values)
            covered += tensors[same[0]].Tensor.Length;
        if (covered > (Int128)MostViews * storage.Length)
            throw new InputException($"{path}: the tensors of one storage, such as {Quote.Of(first)}, have {covered} values, where it holds {storage.Length}; save them with .contiguous() or .clone()");

        if (type.IsFloat())
            ReadFloats(storage, type, views.Values, tensors, result);
        else
            ReadIntegers(storage, type, views.Values, tensors, result);
    }

    private void ReadFloats(
        PickledStorage storage, ElementType type, IEnumerable<List<int>> views, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, WeightTensor[] result)
    {
        float[] all = [];
        archive.ReadStorage(storage.Key, stream => ElementReader.Read(stream, type, all = new float[storage.Length]));
        bool taken = false;
        foreach (List<int> same in views)
        {
            PickledTensor tensor = tensors[same[0]].Tensor;
            float[] values = all;
            if (IsWhole(tensor) && !taken)
            {
                taken = true;
            }
            else
            {
                values = new float[tensor.Length];
                Gather<float>(all, tensor, values);
            }
            foreach (int i in same)
                result[i] = new WeightTensor(tensors[i].Name, tensor.Shape, values);
        }
    }

    private void ReadIntegers(
        PickledStorage storage, ElementType type, IEnumerable<List<int>> views, IReadOnlyList<(string Name, PickledTensor Tensor)> tensors, WeightTensor[] result)
    {
        byte[] all = [];
        archive.ReadStorage(storage.Key, stream => stream.ReadExactly(all = new byte[storage.Length * type.Width()]));
        foreach (List<int> same in views)
        {
            PickledTensor tensor = tensors[same[0]].Tensor;
            byte[] bytes = all;
            if (!IsWhole(tensor))
            {
                if (tensor.Length > Array.MaxLength / type.Width())
                    throw new InputException($"{path}: tensor {Quote.Of(tensors[same[0]].Name)} has {tensor.Length} elements, more than can be read; save it in parts");
                bytes = new byte[tensor.Length * type.Width()];
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

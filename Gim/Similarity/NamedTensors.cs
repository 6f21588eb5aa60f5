using Gim.Kernels.Devices;
using Gim.Similarity.Weights;

namespace Gim.Similarity;

/// <summary>The tensors of a file, taken one by one to a device; what was not taken in the end is not known.</summary>
internal sealed class NamedTensors(WeightFile file, Device device, string path, List<IDisposable> held)
{
    private readonly HashSet<string> used = [];

    /// <exception cref="InputException">There is no such tensor, it has another shape, or a value is not finite.</exception>
    public DeviceBuffer<float> Take(string name, params int[] shape)
        => Find(name, shape) is { } values
            ? Hold(device.Upload(values, "use a smaller similarity model, or another device"))
            : throw new InputException($"{path}: the tensor '{name}' [{string.Join(", ", shape)}] is missing; the metadata says that the model has it");

    /// <summary>Models trained without bias have no such tensors.</summary>
    public DeviceBuffer<float> TakeOrZeros(string name, int length)
        => Hold(Find(name, [length]) is { } values ? device.Upload(values) : device.AllocateFloats(length));

    /// <summary>The values themselves; null where there is no such tensor.</summary>
    public float[]? Values(string name, params int[] shape) => Find(name, shape);

    public DeviceBuffer<float> Hold(DeviceBuffer<float> buffer)
    {
        held.Add(buffer);
        return buffer;
    }

    public void Ignore(Func<string, bool> which)
    {
        foreach (WeightTensor tensor in file.Tensors.Where(tensor => which(tensor.Name)))
            used.Add(tensor.Name);
    }

    /// <exception cref="InputException">The file has a tensor that the model does not.</exception>
    public void RequireAllUsed()
    {
        if (file.Tensors.FirstOrDefault(tensor => !used.Contains(tensor.Name)) is { } unknown)
            throw new InputException($"{path}: the tensor '{unknown.Name}' is none of the similarity model that the metadata describes; is it a file of another kind of model?");
    }

    private float[]? Find(string name, int[] shape)
    {
        if (!file.Contains(name)) return null;
        WeightTensor tensor = file[name];
        used.Add(name);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new InputException(
                $"{path}: the tensor '{name}' is [{string.Join(", ", tensor.Shape)}] where the metadata asks for [{string.Join(", ", shape)}]");
        }
        float[] values = file.Values(name);
        // One such weight would make every prediction nonsense, without a word.
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new InputException($"{path}: the tensor '{name}' holds {value}, which is no weight; was its training cut short, or the file damaged?");
        }
        return values;
    }
}

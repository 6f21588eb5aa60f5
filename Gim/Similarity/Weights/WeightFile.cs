using Gim.Config;

namespace Gim.Similarity.Weights;

/// <summary>The content of a file of weights: tensors in the file's order, and what it says about them as text.</summary>
public sealed class WeightFile
{
    private const int NamesShown = 6;

    private readonly Dictionary<string, WeightTensor> byName = new(StringComparer.Ordinal);

    /// <param name="tensors">Tensors, each with a name of its own; their order is kept.</param>
    /// <param name="metadata">Name and text; null: none.</param>
    /// <param name="source">What messages call this: the path of the file.</param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public WeightFile(IEnumerable<WeightTensor> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null, string source = "the weights")
    {
        Tensors = [.. tensors];
        Metadata = new Dictionary<string, string>(metadata ?? [], StringComparer.Ordinal);
        Source = source;
        foreach (WeightTensor tensor in Tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"two tensors are named '{tensor.Name}'", nameof(tensors));
        }
    }

    public IReadOnlyList<WeightTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What messages call this: the path it was read from.</summary>
    public string Source { get; }

    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public WeightTensor this[string name] => byName.TryGetValue(name, out WeightTensor? tensor)
        ? tensor
        : throw new InputException($"{Source} has no tensor {Quote.Of(name)}{Near(name)}; is it a file of another model?");

    /// <summary>The float32 values of a tensor [product of its shape]; not a copy.</summary>
    /// <exception cref="InputException">There is no such tensor, or it holds integers.</exception>
    public float[] Values(string name)
    {
        WeightTensor tensor = this[name];
        return tensor.Type.IsFloat()
            ? tensor.Values
            : throw new InputException($"{Source}: tensor {Quote.Of(name)} holds integers ({tensor.Type}); expected floating-point values");
    }

    /// <summary>The integers of a tensor [product of its shape], widened to 64 bits.</summary>
    /// <exception cref="InputException">There is no such tensor, or it holds floating-point values.</exception>
    public long[] Integers(string name)
    {
        WeightTensor tensor = this[name];
        return tensor.Type.IsFloat()
            ? throw new InputException($"{Source}: tensor {Quote.Of(name)} holds floating-point values; expected integers")
            : tensor.Integers();
    }

    private string Near(string name)
    {
        if (Tensors.Count == 0)
            return " (it has none at all)";
        if (NearestName.Of(name, Tensors.Select(tensor => tensor.Name)) is { } near)
            return $" (it has {Quote.Of(near)})";
        string more = Tensors.Count > NamesShown ? $" and {Tensors.Count - NamesShown} more" : "";
        return $" (it has {string.Join(", ", Tensors.Take(NamesShown).Select(tensor => Quote.Of(tensor.Name)))}{more})";
    }
}

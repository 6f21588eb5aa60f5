namespace Gim.Similarity.Weights.Torch;

/// <summary>A type of storage that PyTorch names.</summary>
/// <param name="Name">As in <c>torch.FloatStorage</c>.</param>
/// <param name="Type">Its elements; null for doubles, which can be passed over but not read.</param>
/// <param name="Width">Bytes of an element.</param>
internal sealed record StorageType(string Name, ElementType? Type, int Width);

/// <summary>A storage that a pickle refers to: the entry <c>data/{Key}</c> of its archive.</summary>
/// <param name="Length">Elements, as the pickle claims.</param>
internal sealed record PickledStorage(StorageType Type, string Key, long Length);

/// <summary>A tensor as a pickle describes it, its values still in the archive. Inside its storage's claimed length.</summary>
/// <param name="Offset">Element of the storage that is the tensor's first.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
/// <param name="Strides">Elements of the storage from one index of a dimension to the next, one per dimension, none negative.</param>
/// <param name="Length">Product of the shape.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, int[] Shape, long[] Strides, long Length)
{
    /// <summary>Whether the values lie row by row without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                    return Length == 0;
                expected *= Shape[i];
            }
            return true;
        }
    }
}

/// <summary>A dictionary of a pickle, in the order of its first assignments; keys are text (string), whole numbers (long) and bool.</summary>
internal sealed class PickledDictionary() : OrderedDictionary<object, object?>(KeyComparer.Instance)
{
    /// <summary>Hashes that no file can know before: numbers chosen to collide would make a dictionary a list to search.</summary>
    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static KeyComparer Instance { get; } = new();

        public new bool Equals(object? x, object? y) => object.Equals(x, y);

        public int GetHashCode(object key) => key is long number ? HashCode.Combine((int)number, (int)(number >> 32)) : key.GetHashCode();
    }
}

/// <summary>A set of a pickle: nothing reads its items.</summary>
internal sealed class PickledSet;

/// <summary>A type of NumPy's scalars, such as f8.</summary>
internal sealed record PickledDtype(string Code);

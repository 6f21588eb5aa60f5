using System.Buffers.Binary;
using System.Numerics;

namespace Gim.Similarity.Weights.Torch;

/// <summary>
/// What a pickle may name: the few functions and types from which a file of weights is made. Each is done here, by
/// building data; nothing is looked up or called by name.
/// </summary>
/// <param name="Name">Module and name, as the pickle has them.</param>
/// <param name="Make">Makes the value from the arguments; null where they are not the expected ones.</param>
/// <param name="Storage">The type, where this is one of storages.</param>
internal sealed record PickledGlobal(string Name, Func<object?[], object?> Make, StorageType? Storage = null)
{
    /// <summary>Dimensions that a tensor of PyTorch can have.</summary>
    private const int MostDimensions = 64;

    private static readonly Dictionary<string, PickledGlobal> Known = new PickledGlobal[]
    {
        new("collections.OrderedDict", arguments => arguments.Length == 0 ? new PickledDictionary() : null),
        new("torch._utils._rebuild_tensor_v2", Tensor),
        new("torch._utils._rebuild_parameter", arguments => arguments.Length == 3 ? arguments[0] as PickledTensor : null),
        new("_codecs.encode", Latin1),
        new("__builtin__.bytes", arguments => arguments.Length == 0 ? Array.Empty<byte>() : null),
        new("__builtin__.set", arguments => arguments is [List<object?>] ? new PickledSet() : null),
        new("builtins.set", arguments => arguments is [List<object?>] ? new PickledSet() : null),

        // A loss that was averaged by NumPy is a scalar of it; the published training saves one.
        new("numpy.dtype", arguments => arguments is [string code, ..] ? new PickledDtype(code) : null),
        new("numpy.core.multiarray.scalar", NumpyScalar),
        new("numpy._core.multiarray.scalar", NumpyScalar),
        OfStorage("Float", ElementType.F32),
        OfStorage("Half", ElementType.F16),
        OfStorage("BFloat16", ElementType.BF16),
        OfStorage("Double", null),
        OfStorage("Long", ElementType.I64),
        OfStorage("Int", ElementType.I32),
        OfStorage("Short", ElementType.I16),
        OfStorage("Char", ElementType.I8),
        OfStorage("Byte", ElementType.U8),
        OfStorage("Bool", ElementType.Bool),
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>The global of that name, null where no file of weights needs it.</summary>
    public static PickledGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module}.{name}");

    private static PickledGlobal OfStorage(string name, ElementType? type)
    {
        name = $"torch.{name}Storage";
        return new PickledGlobal(name, _ => null, new StorageType(name, type, type?.Width() ?? sizeof(double)));
    }

    /// <summary>(storage, offset, size, stride, requires_grad, backward_hooks[, metadata]).</summary>
    private static PickledTensor? Tensor(object?[] arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, object?[] size, object?[] stride, _, _, ..] || arguments.Length > 7)
            return null;
        if (offset < 0 || size.Length != stride.Length || size.Length > MostDimensions)
            return null;
        var shape = new int[size.Length];
        var strides = new long[size.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            if (size[i] is not (long length and >= 0 and <= int.MaxValue) || stride[i] is not (long step and >= 0))
                return null;
            (shape[i], strides[i]) = ((int)length, step);
        }
        if (!WeightTensor.TryCount(shape, out long count))
            return null;
        Int128 last = offset;
        for (int i = 0; i < shape.Length && count > 0; i++)
            last += (Int128)(shape[i] - 1) * strides[i];
        if (count > 0 ? last >= storage.Length : offset > storage.Length)
            return null;
        return new PickledTensor(storage, offset, shape, strides, count);
    }

    /// <summary>Bytes as protocol 2 writes them: text of as many characters, to be encoded as Latin-1.</summary>
    private static byte[]? Latin1(object?[] arguments)
    {
        if (arguments is not [string text, "latin1" or "latin-1"])
            return null;
        var bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (text[i] > byte.MaxValue)
                return null;
            bytes[i] = (byte)text[i];
        }
        return bytes;
    }

    private static object? NumpyScalar(object?[] arguments) => arguments is not [PickledDtype type, byte[] bytes] ? null : (type.Code, bytes.Length) switch
    {
        ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ("i8", 8) or ("i4", 4) or ("i2", 2) or ("i1", 1) => (long)new BigInteger(bytes),
        ("u8", 8) => new BigInteger(bytes, isUnsigned: true),
        ("u4", 4) or ("u2", 2) or ("u1", 1) => (long)new BigInteger(bytes, isUnsigned: true),
        ("b1", 1) => bytes[0] != 0,
        _ => null,
    };
}

namespace Gim.Similarity.Weights;

/// <summary>
/// A named tensor, row by row: float32 values, or integers as they lay in the file (token ids, masks). A shape without
/// dimensions is one number.
/// </summary>
public sealed class WeightTensor
{
    private readonly float[]? values;
    private readonly byte[]? integers;

    /// <summary>A tensor of float32 values.</summary>
    /// <exception cref="ArgumentException">The shape has a negative length, or its product is not the number of values.</exception>
    public WeightTensor(string name, int[] shape, float[] values)
        : this(name, shape, values.Length, ElementType.F32) => this.values = values;

    /// <summary>A tensor of integers, from their bytes.</summary>
    /// <exception cref="ArgumentException">The type is none of integers, or the bytes do not fill the shape.</exception>
    internal WeightTensor(string name, int[] shape, byte[] integers, ElementType type)
        : this(name, shape, integers.Length / type.Width(), type)
    {
        if (type.IsFloat() || integers.Length % type.Width() != 0)
            throw new ArgumentException($"tensor '{name}': {integers.Length} bytes are no integers of type {type}", nameof(integers));
        this.integers = integers;
    }

    private WeightTensor(string name, int[] shape, long elements, ElementType type)
    {
        if (!TryCount(shape, out long product) || product != elements)
            throw new ArgumentException($"tensor '{name}': {elements} values do not fill the shape [{string.Join(", ", shape)}]", nameof(shape));
        Name = name;
        Shape = shape;
        Type = type;
    }

    public string Name { get; }

    /// <summary>Lengths of the dimensions, the slowest first.</summary>
    public int[] Shape { get; }

    /// <summary>Type in memory: F32, or the integers' type in the file.</summary>
    public ElementType Type { get; }

    /// <summary>Number of elements: the product of the shape.</summary>
    public int Length => values?.Length ?? integers!.Length / Type.Width();

    /// <summary>The values [product of shape]; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    public float[] Values => values ?? throw new InvalidOperationException($"tensor '{Name}' holds integers ({Type}); ask for Integers()");

    /// <summary>The integers [product of shape], widened to 64 bits.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds floating-point values.</exception>
    public long[] Integers()
    {
        if (integers is null)
            throw new InvalidOperationException($"tensor '{Name}' holds floating-point values; ask for Values");
        int width = Type.Width();
        var result = new long[integers.Length / width];
        for (int i = 0; i < result.Length; i++)
            result[i] = Type.Integer(integers.AsSpan(i * width));
        return result;
    }

    /// <summary>The bytes of the integers, null for values.</summary>
    internal byte[]? IntegerBytes => integers;

    /// <summary>The same values under another name.</summary>
    internal WeightTensor Renamed(string name) =>
        values is not null ? new WeightTensor(name, Shape, values) : new WeightTensor(name, Shape, integers!, Type);

    /// <summary>Product of the lengths; false where one is negative or the product passes 63 bits.</summary>
    internal static bool TryCount(ReadOnlySpan<int> shape, out long product)
    {
        product = 1;
        // A length of 0 makes the product 0 whatever the others are, also where they overflow by themselves.
        bool empty = shape.Contains(0);
        foreach (int length in shape)
        {
            if (length < 0 || (!empty && product > long.MaxValue / length))
                return false;
            product = empty ? 0 : product * length;
        }
        return true;
    }
}

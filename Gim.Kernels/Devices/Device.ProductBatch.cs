namespace Gim.Kernels.Devices;

/// <summary>Many small matrix products at once.</summary>
public abstract partial class Device
{
    /// <summary>c_i = alpha op(a_i) op(b_i) + beta c_i for every product of the batch; each as <see cref="Multiply"/>.</summary>
    /// <param name="a">[count] matrices [m, k], or [k, m] where transposed.</param>
    /// <param name="b">[count] matrices [k, n], or [n, k] where transposed.</param>
    /// <param name="c">[count] matrices [m, n]; apart from all sources.</param>
    public void MultiplyBatch(DeviceView<float> a, DeviceView<float> b, ProductBatch batch, DeviceView<float> c)
    {
        const string operation = "multiply batch";
        ProductShape shape = batch.Product;
        RequireSize(operation, nameof(batch.Count), batch.Count);
        if (shape.Gelu)
            throw new ShapeException($"{operation}: a batch has no GELU");
        int one = Count(operation, "m", shape.M, "n", shape.N);
        RequireLength(operation, nameof(a), a, BatchLength(operation, nameof(a), batch.Count, batch.StrideA, Count(operation, "m", shape.M, "k", shape.K)));
        RequireLength(operation, nameof(b), b, BatchLength(operation, nameof(b), batch.Count, batch.StrideB, Count(operation, "k", shape.K, "n", shape.N)));
        RequireLength(operation, nameof(c), c, BatchLength(operation, nameof(c), batch.Count, batch.StrideC, one));
        if (batch.Count > 1 && batch.StrideC < one)
            throw new ShapeException($"{operation}: the products would overwrite each other: one c takes {one} values, the next begins after {batch.StrideC}");
        RequireApart(operation, nameof(c), c, nameof(a), a);
        RequireApart(operation, nameof(c), c, nameof(b), b);
        if (batch.Count > 0 && one > 0) MultiplyBatchCore(a, b, batch, c);
    }

    private static int BatchLength(string operation, string name, int count, int stride, int one)
    {
        if (stride < 0)
            throw new ShapeException($"{operation}: the stride of {name} is {stride}; it must not be negative");
        if (count == 0) return 0;
        long length = (count - 1L) * stride + one;
        return length <= MaximumLength
            ? (int)length
            : throw new ShapeException($"{operation}: {count} matrices {name} {stride} values apart are more than {MaximumLength} values");
    }

    private protected abstract void MultiplyBatchCore(DeviceView<float> a, DeviceView<float> b, ProductBatch batch, DeviceView<float> c);
}

namespace Gim.Kernels.Devices;

/// <summary>The matrix product.</summary>
public abstract partial class Device
{
    /// <summary>
    /// c = alpha op(a) op(b) + beta c, then + bias to every row where one is given, then GELU where the shape says so.
    /// With k = 0 the product is zero. NaN and ±∞ go through the sums as IEEE arithmetic says; with alpha = 0, a and b are
    /// not read.
    /// </summary>
    /// <param name="a">[m, k], or [k, m] where transposed.</param>
    /// <param name="b">[k, n], or [n, k] where transposed.</param>
    /// <param name="c">[m, n]; apart from all sources.</param>
    /// <param name="bias">[n], or none.</param>
    public void Multiply(DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias = default)
    {
        const string operation = "multiply";
        RequireLength(operation, nameof(a), a, Count(operation, "m", shape.M, "k", shape.K));
        RequireLength(operation, nameof(b), b, Count(operation, "k", shape.K, "n", shape.N));
        RequireLength(operation, nameof(c), c, Count(operation, "m", shape.M, "n", shape.N));
        RequireApart(operation, nameof(c), c, nameof(a), a);
        RequireApart(operation, nameof(c), c, nameof(b), b);
        bool hasBias = bias.Buffer is not null;
        if (hasBias)
        {
            RequireLength(operation, nameof(bias), bias, shape.N);
            RequireApart(operation, nameof(c), c, nameof(bias), bias);
        }
        if (c.Length > 0) MultiplyCore(a, b, shape, c, bias, hasBias);
    }

    /// <param name="bias">To be left alone without <paramref name="hasBias"/>.</param>
    private protected abstract void MultiplyCore(
        DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias, bool hasBias);
}

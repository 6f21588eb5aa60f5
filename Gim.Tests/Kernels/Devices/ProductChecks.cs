using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class ProductChecks
{
    public static void Multiply(Comparison c)
    {
        foreach ((int m, int n, int k) in Sizes(c.Kind))
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var shape = new ProductShape(m, n, k)
                {
                    TransposeA = (variant & 1) != 0,
                    TransposeB = (variant & 2) != 0,
                    Alpha = variant == 0 ? 1 : 0.7f,
                    Beta = variant is 1 or 2 ? -0.3f : 0,
                    Gelu = variant == 3,
                };
                bool bias = variant >= 2;
                // k products of size 1 added in float32: the error grows like √k ulp of partial sums of size √k.
                var tolerance = new Tolerance(2e-6 + 4e-7 * k, 4e-7);
                c.Compare($"multiply {shape}, bias {bias}", tolerance, [c.Normal(m * k), c.Normal(k * n), c.Normal(n)], [c.Normal(m * n)],
                    (d, x, y) => d.Multiply(x[0], x[1], shape, y[0], bias ? x[2] : default));
            }
        }
        WithoutProduct(c);
        // Beta 0 must not read what is there; NaN in an operand goes to its row only.
        c.Compare("multiply over NaN", Tolerance.Exact, [[1, 2, float.NaN, 4], [1, 0, 0, 1]], [[float.NaN, float.NaN, float.NaN, float.NaN]],
            (d, x, y) => d.Multiply(x[0], x[1], new ProductShape(2, 2, 2), y[0]));
    }

    private static void WithoutProduct(Comparison c)
    {
        var shape = new ProductShape(1, 1, 2) { Alpha = 0, Beta = 2 };
        c.Compare("multiply with alpha 0", Tolerance.Exact, [[float.NaN, 1], [1, 1]], [[3f]], (d, x, y) => d.Multiply(x[0], x[1], shape, y[0]));
        c.Compare("multiply batch with alpha 0", Tolerance.Exact, [[float.NaN, 1], [1, 1]], [[3f]], (d, x, y) => d.MultiplyBatch(x[0], x[1], ProductBatch.Contiguous(1, shape), y[0]));
    }

    public static void MultiplyBatch(Comparison c)
    {
        (int Count, int M, int N, int K)[] sizes = c.Kind == DeviceKind.IlgpuCpu
            ? [(0, 2, 2, 2), (2, 3, 2, 5)]
            : [(0, 2, 2, 2), (3, 0, 2, 2), (3, 2, 2, 0), (1, 1, 1, 1), (5, 3, 4, 7), (7, 16, 17, 15), (12, 64, 64, 32), (3, 65, 130, 33), (200, 9, 8, 4)];
        foreach ((int count, int m, int n, int k) in sizes)
        {
            var tolerance = new Tolerance(2e-6 + 4e-7 * k, 4e-7);
            for (int variant = 0; variant < 4; variant++)
            {
                var shape = new ProductShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0, Alpha = 0.7f, Beta = variant == 2 ? -0.3f : 0 };
                // Without gaps; one A for all; B and C with a gap of 5, whose values must stay in C.
                ProductBatch batch = variant switch
                {
                    0 => ProductBatch.Contiguous(count, shape),
                    1 => ProductBatch.Contiguous(count, shape) with { StrideA = 0 },
                    _ => new ProductBatch(count, shape, m * k, k * n + 5, m * n + 5),
                };
                int Length(int stride, int one) => count == 0 ? 0 : (count - 1) * stride + one;
                c.Compare($"{batch}", tolerance, [c.Normal(Length(batch.StrideA, m * k)), c.Normal(Length(batch.StrideB, k * n))], [c.Normal(Length(batch.StrideC, m * n))],
                    (d, x, y) => d.MultiplyBatch(x[0], x[1], batch, y[0]));
            }
        }
    }

    /// <summary>Around vectors and the 64 x 64 x 16 tiles of the kernel.</summary>
    private static (int M, int N, int K)[] Sizes(DeviceKind kind) => kind switch
    {
        // The simulator takes a second for the smallest tile.
        DeviceKind.IlgpuCpu => [(0, 3, 2), (3, 4, 0), (1, 1, 1), (5, 7, 17)],
        _ =>
        [
            (0, 3, 2), (2, 0, 3), (3, 4, 0), (1, 1, 1), (1, 17, 5), (17, 1, 33), (3, 5, 7), (15, 16, 17), (31, 33, 32),
            (63, 64, 65), (64, 65, 15), (65, 63, 16), (1, 257, 128), (130, 129, 127), (128, 192, 256),
        ],
    };
}

using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class GramChecks
{
    public static void AddGram(Comparison c)
    {
        // Around vectors, the kernel's tiles of 64 and the CPU's blocks of 256.
        (int Rows, int Columns)[] sizes = c.Kind == DeviceKind.IlgpuCpu
            ? [(0, 3), (3, 0), (1, 1), (17, 7)]
            : [(0, 3), (3, 0), (1, 1), (5, 3), (1, 33), (40, 31), (100, 64), (65, 65), (33, 255), (70, 256), (64, 257), (20, 520)];
        foreach ((int rows, int columns) in sizes)
        {
            // Sums of as many products of size 1 as there are rows, in float32.
            var tolerance = new Tolerance(2e-6 + 4e-7 * rows, 4e-7);
            float[] before = c.Normal(columns * columns);
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < i; j++)
                    before[j * columns + i] = before[i * columns + j];
            }
            c.Compare($"add gram {rows} x {columns}", tolerance, [c.Normal(rows * columns)], [before], (d, x, y) =>
            {
                d.AddGram(x[0], rows, columns, y[0]);
                var gram = new float[columns * columns];
                d.Download(y[0], gram);
                for (int i = 0; i < gram.Length; i++)
                    Assert.Equal(gram[i], gram[i % columns * columns + i / columns]);
            });
        }
        c.Compare("add gram of NaN", new Tolerance(1e-5, 0), [[1, float.NaN, 3, 4, 5, 6]], [new float[9]], (d, x, y) => d.AddGram(x[0], 2, 3, y[0]));
    }
}

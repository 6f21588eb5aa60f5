using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class EmbeddingChecks
{
    private static IEnumerable<(int Picks, int Rows, int Columns)> Sizes(Comparison c) => c.Kind == DeviceKind.IlgpuCpu
        ? [(0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (9, 4, 33)]
        : [(0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (7, 3, 5), (64, 10, 17), (257, 31, 33), (1000, 100, 64)];

    public static void Gather(Comparison c)
    {
        foreach ((int picks, int rows, int columns) in Sizes(c))
        {
            // One index in a few lies outside.
            int[] indexes = c.Integers(picks, -1, rows + 1);
            c.Compare($"gather {picks} of {rows} x {columns}", Tolerance.Exact, [c.Normal(rows * columns)], [c.Normal(picks * columns)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(indexes);
                d.GatherRows(x[0], held, rows, columns, y[0]);
            });
        }
    }

    public static void ScatterAdd(Comparison c)
    {
        foreach ((int picks, int rows, int columns) in Sizes(c))
        {
            // The order of every sum is fixed, so the bits are the same everywhere.
            int[] indexes = c.Integers(picks, -1, rows + 1);
            c.Compare($"scatter-add {picks} to {rows} x {columns}", Tolerance.Exact, [c.Normal(picks * columns)], [c.Normal(rows * columns)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(indexes);
                d.ScatterAddRows(x[0], held, rows, columns, y[0]);
            });
        }
    }
}

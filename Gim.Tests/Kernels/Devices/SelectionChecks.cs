using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class SelectionChecks
{
    public static void TopK(Comparison c)
    {
        (int Rows, int Columns, int K)[] sizes = c.Kind == DeviceKind.IlgpuCpu
            ? [(0, 3, 2), (3, 2, 0), (1, 1, 1), (2, 17, 3), (1, 130, 2)]
            :
            [
                (0, 3, 2), (3, 0, 0), (3, 2, 0), (1, 1, 1), (3, 5, 5), (4, 63, 1), (4, 64, 7), (4, 65, 64), (5, 127, 33), (5, 128, 2), (5, 129, 128),
                (40, 257, 10), (2, 1000, 999), (3, 50_257, 64),
            ];
        foreach ((int rows, int columns, int k) in sizes)
        {
            Compare(c, "normal", c.Normal(rows * columns), rows, columns, k);
            // Few distinct values: the order of equal ones shows.
            Compare(c, "equals", [.. c.Integers(rows * columns, -2, 3).Select(x => x == 2 ? float.NaN : x)], rows, columns, k);
        }
        const float infinity = float.PositiveInfinity;
        float[] specials = [float.NaN, -infinity, -0f, 0, infinity, float.NaN, 1e-45f, -1e-45f, 0, -0f, float.MaxValue, float.MinValue];
        int some = c.Kind == DeviceKind.IlgpuCpu ? 6 : specials.Length;
        Compare(c, "specials", specials[..some], 1, some, some);
        Compare(c, "NaN", [float.NaN, float.NaN, float.NaN, 1], 2, 2, 2);
        if (c.Kind == DeviceKind.IlgpuCpu) return;
        // Every value is a new largest one.
        Compare(c, "rising", [.. Enumerable.Range(0, 5000).Select(i => (float)i)], 1, 5000, 64);
        Compare(c, "NaN first", [.. Enumerable.Repeat(float.NaN, 200), .. c.Normal(800)], 1, 1000, 100);
    }

    public static void SumSegments(Comparison c)
    {
        // Rounded once, from double or what takes its place; terms of both signs, of size 1.
        var tolerance = new Tolerance(1e-7, 2e-7);
        (int Rows, int Columns, int Count, int Segments)[] sizes = c.Kind == DeviceKind.IlgpuCpu
            ? [(0, 3, 3, 2), (2, 0, 3, 2), (2, 3, 0, 2), (2, 3, 3, 0), (5, 40, 50, 60)]
            : [(0, 3, 3, 2), (2, 0, 3, 2), (2, 3, 0, 2), (2, 3, 3, 0), (1, 1, 1, 1), (3, 40, 50, 17), (5, 400, 500, 300), (64, 300, 300, 5), (2, 20_000, 20_000, 300)];
        foreach ((int rows, int columns, int count, int segments) in sizes)
        {
            // Places outside, and starts outside and out of order: nothing may be read there.
            int[] order = c.Integers(count, -1, columns + 1), wild = c.Integers(segments + 1, -2, count + 3), starts = [.. wild.Order()];
            if (count > 2) (order[0], order[1]) = (int.MinValue, int.MaxValue);
            foreach (int[] some in (int[][])[starts, wild, [.. wild.Select(start => start < 0 ? int.MinValue : start > count ? int.MaxValue : start)]])
            {
                c.Compare($"sum {segments} segments of {count} in {rows} x {columns}", tolerance, [c.Normal(rows * columns)], [c.Normal(rows * segments)], (d, x, y) =>
                {
                    using DeviceBuffer<int> heldOrder = d.Upload(order), heldStarts = d.Upload(some);
                    d.SumSegments(x[0], heldOrder, heldStarts, rows, columns, y[0]);
                });
            }
        }
    }

    /// <summary>Both outputs exactly; the columns between a fence of their own.</summary>
    private static void Compare(Comparison c, string what, float[] source, int rows, int columns, int k)
        => c.Compare($"top {k} of {rows} x {columns}, {what}", Tolerance.Exact, [source], [c.Normal(rows * k), new float[rows * k + 2]], (d, x, y) =>
        {
            int[] fence = [-7, .. new int[rows * k], -7];
            using DeviceBuffer<int> held = d.Upload(fence);
            d.TopK(x[0], rows, columns, k, y[0], held.Slice(1, rows * k));
            d.Upload<float>([.. held.ToArray().Select(index => (float)index)], y[1]);
        });
}

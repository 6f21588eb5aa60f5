namespace Gim.Tests.Kernels.Devices;

internal static class ElementwiseChecks
{
    private static readonly float[] Special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e30f, -1e30f, 9, -9, 1.41421356f];

    public static void Add(Comparison c)
    {
        // One rounding of one sum: the same bits everywhere.
        foreach (int n in c.Lengths)
            c.Compare($"add {n}", Tolerance.Exact, [c.Normal(n), c.Normal(n)], [c.Normal(n)], (d, x, y) => d.Add(x[0], x[1], y[0]));
        c.Compare("add specials", Tolerance.Exact, [Special, [.. Special.Reverse()]], [new float[10]], (d, x, y) => d.Add(x[0], x[1], y[0]));
        c.Compare("add to itself", Tolerance.Exact, [], [c.Normal(257)], (d, x, y) => d.Add(y[0], y[0], y[0]));
    }

    public static void Scale(Comparison c)
    {
        foreach (int n in c.Lengths)
            c.Compare($"scale {n}", Tolerance.Exact, [c.Normal(n)], [c.Normal(n)], (d, x, y) => d.Scale(x[0], -1.7f, y[0]));
        c.Compare("scale specials", Tolerance.Exact, [Special], [new float[10]], (d, x, y) => d.Scale(x[0], -2, y[0]));
        c.Compare("scale in place", Tolerance.Exact, [], [c.Normal(257)], (d, x, y) => d.Scale(y[0], 3, y[0]));
    }

    public static void Gelu(Comparison c)
    {
        // erf is fitted to 1.4e-7; beyond |x| = 4 half an ulp of 1 + erf, times x. GPUs' exp adds 2 ulp.
        var tolerance = new Tolerance(1e-6, 4e-7);
        foreach (int n in c.Lengths)
            c.Compare($"gelu {n}", tolerance, [c.Normal(n, 3)], [c.Normal(n)], (d, x, y) => d.Gelu(x[0], y[0]));
        c.Compare("gelu specials", tolerance, [Special], [new float[10]], (d, x, y) => d.Gelu(x[0], y[0]));
        c.Compare("gelu in place", tolerance, [], [c.Normal(257)], (d, x, y) => d.Gelu(y[0], y[0]));
    }

    public static void GeluBackward(Comparison c)
    {
        // As GELU; the upstream gradient, up to about 5, multiplies the error.
        var tolerance = new Tolerance(2e-6, 4e-7);
        foreach (int n in c.Lengths)
            c.Compare($"gelu backward {n}", tolerance, [c.Normal(n, 3), c.Normal(n)], [c.Normal(n)], (d, x, y) => d.GeluBackward(x[0], x[1], y[0]));
        c.Compare("gelu backward specials", tolerance, [Special, c.Normal(10, 1e3)], [new float[10]], (d, x, y) => d.GeluBackward(x[0], x[1], y[0]));
        c.Compare("gelu backward in place", tolerance, [c.Normal(257)], [c.Normal(257)], (d, x, y) => d.GeluBackward(x[0], y[0], y[0]));
    }
}

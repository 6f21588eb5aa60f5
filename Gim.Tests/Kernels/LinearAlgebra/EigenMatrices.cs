using Gim.Kernels.LinearAlgebra;

namespace Gim.Tests.Kernels.LinearAlgebra;

/// <summary>Symmetric matrices that try methods for eigenvectors.</summary>
internal static class EigenMatrices
{
    public static readonly string[] Kinds =
    [
        "random", "graded", "clustered", "rank deficient", "one rank", "diagonal", "descending diagonal", "identity", "zero", "all ones", "Wilkinson", "glued Wilkinson",
        "tridiagonal", "two parts", "tiny", "huge", "subnormal", "mixed scales", "tiny part", "fading", "one element",
    ];

    /// <returns>[n, n]</returns>
    public static double[] Make(string kind, int n)
    {
        var random = new Random(42);
        double Value() => random.NextDouble() - 0.5;
        Func<int, int, double> element = kind switch
        {
            "random" => (i, j) => Value(),
            "graded" => (i, j) => Value() * Math.Pow(10, -16.0 * (i + j) / (2 * n)),
            "diagonal" => (i, j) => i == j ? Value() : 0,
            "descending diagonal" => (i, j) => i == j ? n - i : 0,
            "identity" => (i, j) => i == j ? 1 : 0,
            "zero" => (i, j) => 0,
            "all ones" => (i, j) => 1,
            "Wilkinson" => (i, j) => i == j ? Math.Abs(i - (n - 1) / 2.0) : i == j + 1 ? 1 : 0,
            "glued Wilkinson" => (i, j) => i == j ? Math.Abs(i % 21 - 10) : i == j + 1 ? i % 21 == 0 ? 1e-8 : 1 : 0,
            "tridiagonal" => (i, j) => i == j ? 2 : i == j + 1 ? -1 : 0,
            "two parts" => (i, j) => i < n / 2 == j < n / 2 ? Value() : 0,
            "tiny" => (i, j) => Value() * 1e-150,
            "huge" => (i, j) => Value() * 1e150,
            "subnormal" => (i, j) => Value() * 1e-310,
            "mixed scales" => (i, j) => Value() * Math.Pow(10, random.Next(-200, 50)),
            "tiny part" => (i, j) => (i == j ? 2 : i == j + 1 ? -1 : 0) * (i < n / 2 ? 1 : 1e-305),
            "fading" => (i, j) => (i == j ? 2 : i == j + 1 ? -1 : 0) * Math.Pow(10, -300.0 * i / n),
            "one element" => (i, j) => i == n - 1 && j == n / 2 ? 1 : 0,
            "one rank" => (i, j) => (i + 1.0) * (j + 1) / n,
            _ => (i, j) => double.NaN,
        };
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                a[i * n + j] = a[j * n + i] = element(i, j);
        }
        return kind switch
        {
            "clustered" => WithValues(random, n, i => i % 3 + (i % 5) * 1e-14),
            "rank deficient" => WithValues(random, n, i => i % 4 == 0 ? 1 + i : 0),
            _ => a,
        };
    }

    /// <summary>Q diag(value) Q^T for a product Q of n random reflections.</summary>
    private static double[] WithValues(Random random, int n, Func<int, double> value)
    {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
            a[i * n + i] = value(i);
        for (int reflection = 0; reflection < Math.Min(n, 8); reflection++)
        {
            double[] v = DoubleProductCase.Random(random, n), w = new double[n];
            double square = v.Sum(x => x * x), inner = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    w[i] += 2 / square * a[i * n + j] * v[j];
            }
            for (int i = 0; i < n; i++)
                inner += v[i] * w[i] / square;
            for (int i = 0; i < n; i++)
                w[i] -= inner * v[i];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
            }
        }
        // Rounding has left it a little unsymmetric.
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[j * n + i] = a[i * n + j];
        }
        return a;
    }

    /// <summary>|A V - V diag| / (n |A|) and |V^T V - 1| / n, both the largest element.</summary>
    public static (double Residual, double Orthogonality) Quality(int n, double[] a, double[] values, double[] vectors)
    {
        double largest = a.Max(Math.Abs);
        if (largest == 0)
            largest = 1;
        // Scaled, so that products stay in range.
        double[] scaled = [.. a.Select(x => x / largest)], product = new double[n * n], gram = new double[n * n];
        DoubleProduct.Multiply(n, n, n, 1, scaled, n, false, vectors, n, false, 0, product, n);
        DoubleProduct.Multiply(n, n, n, 1, vectors, n, true, vectors, n, false, 0, gram, n);
        double residual = 0, orthogonality = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                residual = Max(residual, Math.Abs(product[i * n + j] - vectors[i * n + j] * (values[j] / largest)));
                orthogonality = Max(orthogonality, Math.Abs(gram[i * n + j] - (i == j ? 1 : 0)));
            }
        }
        return (residual / n, orthogonality / n);
    }

    /// <summary>NaN is worse than all.</summary>
    private static double Max(double x, double y) => double.IsNaN(y) ? double.PositiveInfinity : Math.Max(x, y);
}

using Gim.Kernels.LinearAlgebra;

namespace Gim.Tests.Kernels.LinearAlgebra;

public unsafe class SecularEquationTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 4, 5, 8, 9, 17, 63, 64, 65, 130];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Roots_lie_between_the_poles_and_give_the_weights_back(int k)
    {
        var random = new Random(42);
        for (int round = 0; round < 60; round++)
        {
            // Gaps and weights of all sizes down to where they would have been deflated.
            double[] d = new double[k], z = new double[k];
            double[] gaps = [1, 1e-3, 1e-8, 1e-13], weights = [1, 1e-4, 1e-9, 1e-15];
            for (int j = 0; j < k; j++)
            {
                d[j] = (j > 0 ? d[j - 1] : -1) + gaps[round % 5 == 0 ? random.Next(4) : round % 4] * (0.5 + random.NextDouble());
                z[j] = weights[round % 3 == 0 ? random.Next(4) : round % 4] * (0.5 + random.NextDouble()) * (random.Next(2) * 2 - 1);
            }
            double length = Math.Sqrt(z.Sum(x => x * x)), rho = Math.Pow(10, random.Next(-3, 3));
            for (int j = 0; j < k; j++)
                z[j] /= length;
            RequireRoots(k, d, z, rho);
        }
    }

    private static void RequireRoots(int k, double[] d, double[] z, double rho)
    {
        double square = z.Sum(x => x * x);
        double[] roots = new double[k];
        double[][] differences = [.. roots.Select(_ => new double[k])];
        for (int i = 0; i < k; i++)
        {
            fixed (double* pinnedD = d, pinnedZ = z, own = differences[i])
                roots[i] = SecularEquation.Root(i, k, pinnedD, pinnedZ, rho, square, own);
            for (int j = 0; j < k; j++)
                Assert.Equal(j <= i ? -1 : 1, Math.Sign(differences[i][j]));
        }
        Assert.Equal(roots.Order(), roots);
        // Löwner's formula: the weights of the matrix of which these are the exact eigenvalues are nearly those given.
        for (int j = 0; j < k; j++)
        {
            double product = -differences[j][j] / rho;
            for (int i = 0; i < k; i++)
                product *= i == j ? 1 : differences[i][j] / (d[j] - d[i]);
            Assert.True(Math.Abs(Math.Sqrt(product) - Math.Abs(z[j])) <= 1e-14 * (k + 8) * Math.Max(1, (d[^1] - d[0]) / rho), $"weight {j} of {k} is {Math.Sqrt(product):R} where {z[j]:R} was given");
        }
    }
}

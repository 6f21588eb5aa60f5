using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Fmri.Ridge;

/// <summary>
/// How predictions of the rows that a fold holds out correlate with the targets there. In the primal form no prediction is
/// made: with H the features' covariance on those rows and c that with the target, weights w have
/// r = wᵀc / √(wᵀH w Σ (y - ȳ)²). In the kernel form a map takes solutions to centred predictions. Both are centred in
/// doubles; the one product by each solution is made in float32 by the device, which costs r about 1e-6.
/// </summary>
/// <param name="Form">[Rows, Order]: H, or the map.</param>
/// <param name="Order">Unknowns of a solution.</param>
/// <param name="IsMap">Whether the form is a map.</param>
internal sealed record HeldOutScore(float[] Form, int Rows, int Order, bool IsMap)
{
    /// <summary>Brings the form to the device, for the solutions of one block of targets.</summary>
    public HeldOutScoring Begin(Device device, int columns) => new(this, device, columns);
}

/// <summary>Scores the solutions of one block of targets.</summary>
internal sealed class HeldOutScoring : IDisposable
{
    private readonly HeldOutScore score;
    private readonly Device device;
    private readonly int columns;
    private readonly DeviceBuffer<float> form, solution, product;
    private readonly float[] single, result;
    private readonly double[] row, squares, products;

    public HeldOutScoring(HeldOutScore score, Device device, int columns)
    {
        (this.score, this.device, this.columns) = (score, device, columns);
        form = device.Upload(score.Form);
        solution = device.AllocateFloats(score.Order * columns);
        product = device.AllocateFloats(score.Rows * columns);
        single = new float[score.Order * columns];
        result = new float[score.Rows * columns];
        row = new double[columns];
        squares = new double[columns];
        products = new double[columns];
    }

    /// <summary>sums += r of every target, 0 where a side is constant.</summary>
    /// <param name="values">[Order, columns], a solution in the system's coordinates.</param>
    /// <param name="cross">[Rows, columns]: c, or the centred targets where the form is a map.</param>
    /// <param name="targetSquares">[columns], Σ (y - ȳ)².</param>
    public void Add(double[] values, double[] cross, double[] targetSquares, double[] sums)
    {
        TensorPrimitives.ConvertTruncating<double, float>(values, single);
        solution.Upload(single);
        device.Multiply(form, solution, new ProductShape(score.Rows, columns, score.Order), product);
        product.Download(result);
        squares.AsSpan().Clear();
        products.AsSpan().Clear();
        for (int start = 0; start < result.Length; start += columns)
        {
            TensorPrimitives.ConvertTruncating<float, double>(result.AsSpan(start, columns), row);
            ReadOnlySpan<double> left = score.IsMap ? row : values.AsSpan(start, columns);
            TensorPrimitives.MultiplyAdd(left, row, squares, squares);
            TensorPrimitives.MultiplyAdd(left, cross.AsSpan(start, columns), products, products);
        }
        for (int target = 0; target < columns; target++)
        {
            double size = squares[target] * targetSquares[target];
            if (size > 0)
                sums[target] += Math.Clamp(products[target] / Math.Sqrt(size), -1, 1);
        }
    }

    public void Dispose()
    {
        form.Dispose();
        solution.Dispose();
        product.Dispose();
    }
}

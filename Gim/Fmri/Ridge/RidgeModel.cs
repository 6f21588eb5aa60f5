using Gim.Kernels.Devices;

namespace Gim.Fmri.Ridge;

/// <summary>What was fitted to successive targets.</summary>
/// <param name="FirstTarget">The first of them.</param>
/// <param name="Weights">[features, targets]</param>
/// <param name="Intercepts">[targets], added to predictions; 0 without an intercept.</param>
/// <param name="Penalties">[targets], the λ of each.</param>
/// <param name="FoldCorrelations">[targets], the mean over folds of r at that λ; 0 without folds.</param>
internal sealed record RidgeModel(int FirstTarget, Matrix Weights, float[] Intercepts, double[] Penalties, double[] FoldCorrelations)
{
    /// <summary>[rows, targets]</summary>
    /// <param name="features">[rows, features]</param>
    /// <exception cref="ArgumentException">There are not as many features as weights.</exception>
    public Matrix Predict(Device device, Matrix features) => Prediction.Of(device, features, Weights, Intercepts);

    /// <summary>One model of the successive blocks of another.</summary>
    internal static RidgeModel Join(int features, IReadOnlyList<RidgeModel> blocks)
    {
        if (blocks.Count == 1) return blocks[0];
        var weights = new Matrix(features, blocks.Sum(block => block.Weights.Columns));
        foreach (RidgeModel block in blocks)
        {
            for (int i = 0; i < features; i++)
                block.Weights.Row(i).CopyTo(weights.Row(i)[block.FirstTarget..]);
        }
        return new RidgeModel(
            0, weights, [.. blocks.SelectMany(block => block.Intercepts)], [.. blocks.SelectMany(block => block.Penalties)],
            [.. blocks.SelectMany(block => block.FoldCorrelations)]);
    }
}

/// <summary>Predictions X W + b, made in float32.</summary>
internal static class Prediction
{
    private const int RowsTogether = 4096;

    /// <param name="features">[rows, features]</param>
    /// <param name="weights">[features, targets]</param>
    /// <param name="intercepts">[targets]</param>
    public static Matrix Of(Device device, Matrix features, Matrix weights, ReadOnlySpan<float> intercepts)
    {
        if (features.Columns != weights.Rows)
            throw new ArgumentException($"there are {features.Columns} features where the model has weights of {weights.Rows}", nameof(features));
        var predicted = new Matrix(features.Rows, weights.Columns);
        using DeviceBuffer<float> w = device.Upload(weights.Values), b = device.Upload(intercepts);
        for (int first = 0; first < features.Rows; first += RowsTogether)
        {
            int count = Math.Min(RowsTogether, features.Rows - first);
            using DeviceBuffer<float> x = device.Upload(features.Values.AsSpan(first * features.Columns, count * features.Columns));
            using DeviceBuffer<float> y = device.AllocateFloats(count * weights.Columns);
            device.Multiply(x, w, new ProductShape(count, weights.Columns, features.Columns), y, b);
            y.Download(predicted.Values.AsSpan(first * weights.Columns, count * weights.Columns));
        }
        return predicted;
    }
}

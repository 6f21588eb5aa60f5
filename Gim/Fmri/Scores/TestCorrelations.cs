using Gim.Kernels.Devices;

namespace Gim.Fmri.Scores;

/// <summary>Pearson's r of predicted and measured responses over all test rows, the stories one after another.</summary>
internal static class TestCorrelations
{
    /// <summary>[targets]; 0 where a side is constant.</summary>
    /// <param name="predicted">[rows, targets]</param>
    /// <param name="measured">[rows, targets]</param>
    /// <exception cref="InputException">A value is not a finite number.</exception>
    public static float[] Of(Device device, Matrix predicted, Matrix measured)
    {
        RequireSame(predicted, measured);
        FiniteValues.Require(predicted, "the prediction of target");
        FiniteValues.Require(measured, "target");
        using DeviceBuffer<float> a = device.Upload(predicted.Values), b = device.Upload(measured.Values), r = device.AllocateFloats(measured.Columns);
        device.CorrelateColumns(a, b, measured.Rows, measured.Columns, r);
        return r.ToArray();
    }

    /// <exception cref="ArgumentException">The shapes differ.</exception>
    internal static void RequireSame(Matrix predicted, Matrix measured)
    {
        if (predicted.Rows != measured.Rows || predicted.Columns != measured.Columns)
            throw new ArgumentException($"predictions are [{predicted.Rows}, {predicted.Columns}] where responses are [{measured.Rows}, {measured.Columns}]", nameof(predicted));
    }
}

namespace Gim.Kernels.Devices;

/// <summary>Layer normalisation (Ba, Kiros, Hinton 2016) with gain and bias.</summary>
public abstract partial class Device
{
    /// <summary>What is added to the variance.</summary>
    public const float LayerNormEpsilon = 1e-5f;

    /// <summary>
    /// destination_rc = gain_c (source_rc - μ_r) s_r + bias_c, with μ_r the row's mean, s_r = 1/√(v_r + 1e-5) and v_r its
    /// variance (divided by the number of columns). NaN or ±∞ in a row gives NaN in the whole row.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="gain">[columns]</param>
    /// <param name="bias">[columns]</param>
    /// <param name="destination">[rows, columns]; may be the source itself.</param>
    /// <param name="mean">[rows], μ: what the backward operation needs.</param>
    /// <param name="inverseDeviation">[rows], s.</param>
    public void LayerNorm(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
    {
        const string operation = "layer norm";
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(source), source, count);
        RequireLength(operation, nameof(gain), gain, columns);
        RequireLength(operation, nameof(bias), bias, columns);
        RequireLength(operation, nameof(destination), destination, count);
        RequireLength(operation, nameof(mean), mean, rows);
        RequireLength(operation, nameof(inverseDeviation), inverseDeviation, rows);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
        ReadOnlySpan<(string, DeviceView<float>)> written =
            [(nameof(destination), destination), (nameof(mean), mean), (nameof(inverseDeviation), inverseDeviation)];
        RequireAllApart(operation, written, [(nameof(gain), gain), (nameof(bias), bias)]);
        RequireApart(operation, nameof(mean), mean, nameof(source), source);
        RequireApart(operation, nameof(inverseDeviation), inverseDeviation, nameof(source), source);
        if (count > 0) LayerNormCore(source, gain, bias, rows, columns, destination, mean, inverseDeviation);
    }

    /// <summary>
    /// The gradients of <see cref="LayerNorm"/>, with h_rc = (source_rc - μ_r) s_r and g_rc = upstream_rc gain_c:
    /// sourceGradient_rc = s_r (g_rc - mean_c(g_r) - h_rc mean_c(g_r h_r)) is written,
    /// gainGradient_c += Σ_r upstream_rc h_rc and biasGradient_c += Σ_r upstream_rc are added to.
    /// </summary>
    /// <param name="source">[rows, columns], what went in.</param>
    /// <param name="gain">[columns]</param>
    /// <param name="mean">[rows], as the forward operation wrote it.</param>
    /// <param name="inverseDeviation">[rows], as the forward operation wrote it.</param>
    /// <param name="upstream">[rows, columns], the gradient of what came out.</param>
    /// <param name="sourceGradient">[rows, columns]; apart from all sources.</param>
    /// <param name="gainGradient">[columns]</param>
    /// <param name="biasGradient">[columns]</param>
    public void LayerNormBackward(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
    {
        const string operation = "layer norm backward";
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(source), source, count);
        RequireLength(operation, nameof(gain), gain, columns);
        RequireLength(operation, nameof(mean), mean, rows);
        RequireLength(operation, nameof(inverseDeviation), inverseDeviation, rows);
        RequireLength(operation, nameof(upstream), upstream, count);
        RequireLength(operation, nameof(sourceGradient), sourceGradient, count);
        RequireLength(operation, nameof(gainGradient), gainGradient, columns);
        RequireLength(operation, nameof(biasGradient), biasGradient, columns);
        ReadOnlySpan<(string, DeviceView<float>)> written =
            [(nameof(sourceGradient), sourceGradient), (nameof(gainGradient), gainGradient), (nameof(biasGradient), biasGradient)];
        RequireAllApart(operation, written,
        [
            (nameof(source), source), (nameof(gain), gain), (nameof(mean), mean),
            (nameof(inverseDeviation), inverseDeviation), (nameof(upstream), upstream),
        ]);
        if (count > 0)
            LayerNormBackwardCore(source, gain, mean, inverseDeviation, upstream, rows, columns, sourceGradient, gainGradient, biasGradient);
    }

    private protected abstract void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation);

    private protected abstract void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient);
}

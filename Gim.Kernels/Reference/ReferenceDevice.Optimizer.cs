using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void AddSumOfSquaresCore(DeviceView<float> source, DeviceView<float> destination)
    {
        double sum = 0;
        for (int i = 0; i < source.Length; i++)
            sum += (double)Span(source)[i] * Span(source)[i];
        Span(destination)[0] = (float)(Span(destination)[0] + sum);
    }

    private protected override void AdamWCore(
        DeviceView<float> parameters, DeviceView<float> gradient, DeviceView<float> firstMoment, DeviceView<float> secondMoment,
        AdamWStep step, DeviceView<float> squaredNorm, bool clips)
    {
        double clip = clips ? Math.Min(1, step.MaximumNorm / Math.Sqrt(Span(squaredNorm)[0])) : 1;
        double correction1 = 1 - Math.Pow(step.Beta1, step.Step), correction2 = 1 - Math.Pow(step.Beta2, step.Step);
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = Span(gradient)[i] * clip;
            double m = step.Beta1 * (double)Span(firstMoment)[i] + (1.0 - step.Beta1) * g;
            double v = step.Beta2 * (double)Span(secondMoment)[i] + (1.0 - step.Beta2) * g * g;
            double move = m / correction1 / (Math.Sqrt(v / correction2) + step.Epsilon);
            double kept = (1 - (double)step.LearningRate * step.WeightDecay) * Span(parameters)[i];
            Span(parameters)[i] = (float)(kept - step.LearningRate * move);
            Span(firstMoment)[i] = (float)m;
            Span(secondMoment)[i] = (float)v;
        }
    }
}

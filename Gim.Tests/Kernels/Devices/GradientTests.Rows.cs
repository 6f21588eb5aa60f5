using Gim.Kernels.Reference;

namespace Gim.Tests.Kernels.Devices;

public partial class GradientTests
{
    private delegate void RowOperation(ReadOnlySpan<double> source, int rows, int columns, Span<double> destination);

    private delegate void RowGradient(ReadOnlySpan<double> values, ReadOnlySpan<double> upstream, int rows, int columns, Span<double> destination);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 33)]
    public void Softmax(int rows, int columns)
        => CheckRows(rows, columns, ReferenceDevice.Softmax<double>, ReferenceDevice.SoftmaxBackward<double>, ofResult: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 33)]
    public void LogSoftmax(int rows, int columns)
        => CheckRows(rows, columns, ReferenceDevice.LogSoftmax<double>, ReferenceDevice.LogSoftmaxBackward<double>, ofResult: true);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 33)]
    public void NormalizeRows(int rows, int columns)
        => CheckRows(rows, columns, ReferenceDevice.NormalizeRows<double>, ReferenceDevice.NormalizeRowsBackward<double>, ofResult: false);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 33)]
    public void CrossEntropy(int rows, int columns)
    {
        const double scale = 0.3;
        double[] logits = Values(rows * columns, 2), losses = new double[rows], gradient = new double[rows * columns];
        // The second row is left out.
        int[] targets = [.. Enumerable.Range(0, rows).Select(r => r == 1 ? -1 : r * 7 % columns)];
        double Loss()
        {
            ReferenceDevice.CrossEntropy<double>(logits, targets, rows, columns, scale, losses, []);
            return scale * losses.Sum();
        }

        ReferenceDevice.CrossEntropy<double>(logits, targets, rows, columns, scale, losses, gradient);
        CheckGradient(logits, gradient, Loss);
    }

    /// <param name="ofResult">Whether the gradient is computed from what came out; else from what went in.</param>
    private void CheckRows(int rows, int columns, RowOperation forward, RowGradient backward, bool ofResult)
    {
        double[] source = Values(rows * columns, 2), upstream = Values(rows * columns, 1);
        double[] result = new double[rows * columns], gradient = new double[rows * columns];
        double Loss()
        {
            forward(source, rows, columns, result);
            return Dot(result, upstream);
        }

        Loss();
        backward(ofResult ? result : source, upstream, rows, columns, gradient);
        CheckGradient(source, gradient, Loss);
    }
}

using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        for (int c = 0; c < columns; c++)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++)
                sum += Span(source)[r * columns + c];
            Span(destination)[c] = (float)(Span(destination)[c] + sum);
        }
    }

    private protected override void StandardizeColumnsCore(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation)
    {
        for (int c = 0; c < columns; c++)
        {
            double middle = Mean(Span(source), rows, columns, c), squares = 0;
            for (int r = 0; r < rows; r++)
                squares += Math.Pow(Span(source)[r * columns + c] - middle, 2);
            // Zero as float32 sees it: every device must call the same columns constant.
            bool constant = (float)(squares / rows) == 0;
            double spread = constant ? 0 : Math.Sqrt(squares / rows);
            for (int r = 0; r < rows; r++)
                Span(destination)[r * columns + c] = (float)((Span(source)[r * columns + c] - middle) / (constant ? 1 : spread));
            Span(mean)[c] = double.IsNaN(spread) ? float.NaN : (float)middle;
            Span(deviation)[c] = (float)spread;
        }
    }

    private protected override void CorrelateColumnsCore(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination)
    {
        for (int c = 0; c < columns; c++)
        {
            double middleA = Mean(Span(a), rows, columns, c), middleB = Mean(Span(b), rows, columns, c);
            double squaresA = 0, squaresB = 0, products = 0;
            for (int r = 0; r < rows; r++)
            {
                double left = Span(a)[r * columns + c] - middleA, right = Span(b)[r * columns + c] - middleB;
                squaresA += left * left;
                squaresB += right * right;
                products += left * right;
            }
            Span(destination)[c] = Correlation(squaresA, squaresB, products);
        }
    }

    /// <summary>Pearson's r of sums of squared and multiplied distances from the means.</summary>
    public static float Correlation(double squaresA, double squaresB, double products)
    {
        if (double.IsNaN(squaresA + squaresB)) return float.NaN;
        if ((float)squaresA == 0 || (float)squaresB == 0) return 0;
        return (float)Math.Clamp(products / (Math.Sqrt(squaresA) * Math.Sqrt(squaresB)), -1, 1);
    }

    /// <summary>Sums distances from the column's first value, so that the mean of equal values is exactly that value.</summary>
    private static double Mean(ReadOnlySpan<float> source, int rows, int columns, int column)
    {
        if (rows == 0) return 0;
        double first = source[column], sum = 0;
        for (int r = 0; r < rows; r++)
            sum += source[r * columns + column] - first;
        return first + sum / rows;
    }
}

namespace Gim.Train.Distill;

/// <summary>The definition of <see cref="DistillationLoss"/>, pair by pair in double.</summary>
internal static class DistillationLossReference
{
    /// <param name="embeddings">[queries + keys, columns]</param>
    /// <param name="teacherDistances">[queries, keys]</param>
    /// <param name="gradient">[queries + keys, columns]; of the loss.</param>
    public static DistillationValue Gradient(
        ReadOnlySpan<double> embeddings, int queries, int keys, int columns, ReadOnlySpan<double> teacherDistances, double inverseTemperature,
        double crossEntropyWeight, double divergenceWeight, Span<double> gradient)
    {
        gradient.Clear();
        double crossEntropy = 0, divergence = 0;
        for (int i = 0; i < queries; i++)
        {
            ReadOnlySpan<double> query = embeddings.Slice(i * columns, columns), teacher = teacherDistances.Slice(i * keys, keys);
            double[] distances = new double[keys];
            for (int j = 0; j < keys; j++)
            {
                double cosine = 0;
                for (int c = 0; c < columns; c++)
                    cosine += query[c] * embeddings[((queries + j) * columns) + c];
                distances[j] = double.IsPositiveInfinity(teacher[j]) ? double.PositiveInfinity : (1 - cosine) * inverseTemperature;
            }
            double[] logStudent = LogSoftmaxOfMinus(distances), logTeacher = LogSoftmaxOfMinus(teacher);
            int nearest = Nearest(teacher);
            crossEntropy -= logStudent[nearest] / queries;
            double ofRow = 0;
            for (int j = 0; j < keys; j++)
                ofRow += double.IsPositiveInfinity(teacher[j]) ? 0 : Math.Exp(logStudent[j]) * (logStudent[j] - logTeacher[j]);
            divergence += ofRow / queries;
            for (int j = 0; j < keys; j++)
            {
                if (double.IsPositiveInfinity(teacher[j])) continue;
                double student = Math.Exp(logStudent[j]);
                double slope = crossEntropyWeight * (student - (j == nearest ? 1 : 0)) + divergenceWeight * student * (logStudent[j] - logTeacher[j] - ofRow);
                for (int c = 0; c < columns; c++)
                {
                    gradient[(i * columns) + c] += slope * inverseTemperature / queries * embeddings[((queries + j) * columns) + c];
                    gradient[((queries + j) * columns) + c] += slope * inverseTemperature / queries * query[c];
                }
            }
        }
        return new DistillationValue(crossEntropyWeight * crossEntropy + divergenceWeight * divergence, crossEntropy, divergence);
    }

    private static int Nearest(ReadOnlySpan<double> distances)
    {
        int nearest = 0;
        for (int j = 1; j < distances.Length; j++)
        {
            if (distances[j] < distances[nearest]) nearest = j;
        }
        return nearest;
    }

    private static double[] LogSoftmaxOfMinus(ReadOnlySpan<double> distances)
    {
        double least = double.PositiveInfinity, sum = 0;
        foreach (double distance in distances)
            least = Math.Min(least, distance);
        foreach (double distance in distances)
            sum += Math.Exp(least - distance);
        double[] result = new double[distances.Length];
        for (int j = 0; j < result.Length; j++)
            result[j] = least - distances[j] - Math.Log(sum);
        return result;
    }
}

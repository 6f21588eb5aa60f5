using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

public class CpuThreadsTests
{
    [Fact]
    public void No_result_depends_on_the_number_of_threads()
    {
        const int rows = 1037, columns = 259;
        var random = new Random(42);
        float[] matrix = Values(rows * columns), square = Values(columns * columns), vector = Values(columns), positive = Values(rows);
        int[] indexes = [.. Enumerable.Range(0, rows).Select(_ => random.Next(columns))];
        Assert.Equal(Results(1), Results(7));

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.4f)];

        float[] Results(int threads)
        {
            using Device d = DeviceCatalog.Open("cpu", threads);
            using DeviceBuffer<float> m = d.Upload(matrix), s = d.Upload(square), v = d.Upload(vector), p = d.Upload(positive);
            using DeviceBuffer<float> result = d.AllocateFloats(rows * columns), gains = d.AllocateFloats(columns), biases = d.AllocateFloats(columns);
            using DeviceBuffer<float> mean = d.AllocateFloats(rows), inverse = d.AllocateFloats(rows), table = d.AllocateFloats(columns * columns);
            using DeviceBuffer<float> moments = d.AllocateFloats(rows * columns), squares = d.AllocateFloats(rows * columns), segments = d.AllocateFloats(rows * (rows - 1));
            using DeviceBuffer<int> picks = d.Upload(indexes);
            List<float> all = [];
            void Keep(DeviceBuffer<float> buffer) => all.AddRange(buffer.ToArray());
            d.Gelu(m, result);
            Keep(result);
            d.Softmax(m, rows, columns, result);
            Keep(result);
            d.LayerNorm(m, v, v, rows, columns, result, mean, inverse);
            Keep(result);
            d.LayerNormBackward(m, v, mean, inverse, m, rows, columns, result, gains, biases);
            Keep(result);
            Keep(gains);
            Keep(biases);
            d.Multiply(m, s, new ProductShape(rows, columns, columns) { Gelu = true }, result, v);
            Keep(result);
            d.ScatterAddRows(m, picks, columns, columns, table);
            Keep(table);
            d.LogSoftmax(m, rows, columns, result);
            Keep(result);
            d.NormalizeRowsBackward(m, m, rows, columns, result);
            Keep(result);
            d.SumRows(m, rows, columns, gains);
            Keep(gains);
            d.StandardizeColumns(m, rows, columns, result, gains, biases);
            Keep(result);
            Keep(gains);
            Keep(biases);
            d.CorrelateColumns(m, result, rows, columns, gains);
            Keep(gains);
            d.CrossEntropy(m, picks, rows, columns, 0.1f, mean, result);
            Keep(mean);
            Keep(result);
            d.AddSumOfSquares(m, mean.Slice(0, 1));
            Keep(mean);
            d.AdamW(result, m, moments, squares, new AdamWStep { LearningRate = 0.1f, Step = 1, MaximumNorm = 1 }, mean.Slice(0, 1));
            Keep(result);
            d.SumSegments(m, picks, picks, rows, columns, segments);
            Keep(segments);
            d.AddGram(m, rows, columns, table);
            Keep(table);
            return [.. all];
        }
    }
}

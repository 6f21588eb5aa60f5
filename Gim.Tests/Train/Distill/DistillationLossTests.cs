using Gim.Kernels.Devices;
using Gim.Tests.Kernels.Devices;
using Gim.Train.Distill;
using Xunit.Abstractions;

namespace Gim.Tests.Train.Distill;

public sealed class DistillationLossTests(ITestOutputHelper output)
{
    private const int Seed = 42;

    /// <summary>
    /// Of losses, and of gradients by the products times T, of size 1: float32 sums of up to 130 terms, after exponentials of
    /// arguments up to 20, whose own rounding is 1e-6 of them.
    /// </summary>
    private const double Enough = 4e-6;

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 2, 3 }, { 2, 1, 4 }, { 3, 5, 16 }, { 15, 17, 7 }, { 16, 33, 128 }, { 65, 130, 31 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Reference(int queries, int keys, int columns) => Check(DeviceKind.Reference, queries, keys, columns);

    [Theory, MemberData(nameof(Sizes))]
    public void Cpu(int queries, int keys, int columns) => Check(DeviceKind.Cpu, queries, keys, columns);

    [DeviceTheory(DeviceKind.OpenCl), MemberData(nameof(Sizes))]
    public void OpenCl(int queries, int keys, int columns) => Check(DeviceKind.OpenCl, queries, keys, columns);

    [DeviceTheory(DeviceKind.Cuda), MemberData(nameof(Sizes))]
    public void Cuda(int queries, int keys, int columns) => Check(DeviceKind.Cuda, queries, keys, columns);

    [Theory]
    [InlineData(1, 1, 2, 0)]
    [InlineData(2, 3, 4, 0)]
    [InlineData(4, 7, 3, 0.4)]
    [InlineData(5, 6, 5, 0.2)]
    public void The_reference_has_the_gradient_of_central_differences(int queries, int keys, int columns, double leftOut)
    {
        var random = new Random(Seed);
        double[] embeddings = Units(random, queries + keys, columns), teacher = [.. Teacher(random, queries, keys, leftOut).Select(distance => (double)distance)];
        double[] gradient = new double[embeddings.Length], unused = new double[embeddings.Length];
        foreach ((double crossEntropy, double divergence) in ((double, double)[])[(1, 1), (0, 1), (1, 0), (0.3, 2)])
        {
            double Loss() => DistillationLossReference.Gradient(embeddings, queries, keys, columns, teacher, 3, crossEntropy, divergence, unused).Loss;
            DistillationLossReference.Gradient(embeddings, queries, keys, columns, teacher, 3, crossEntropy, divergence, gradient);
            GradientCheck.Central(embeddings, gradient, Loss);
        }
    }

    /// <summary>One query, two keys, by hand: cosines 1 and 0 at T = 1, and a teacher at distances 0 and ln 3.</summary>
    [Fact]
    public void Two_keys_by_hand()
    {
        double q = 1 / (1 + Math.Exp(-1)), divergence = q * Math.Log(q / 0.75) + (1 - q) * Math.Log((1 - q) / 0.25);
        (DistillationValue value, float[] gradient) = Run(TestDevices.Get("cpu"), [1, 0, 1, 0, 0, 1], 1, 2, 2, [0, MathF.Log(3)], 1);
        Assert.Equal(-Math.Log(q), value.CrossEntropy, 1e-6);
        Assert.Equal(divergence, value.Divergence, 1e-6);
        Assert.Equal(divergence - Math.Log(q), value.Loss, 1e-6);
        double slope = q - 1 + q * (Math.Log(q / 0.75) - divergence);
        double[] expected = [slope, -slope, slope, 0, -slope, 0];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], gradient[i], 1e-6);
    }

    /// <summary>A student at the teacher's own distances has no divergence, and its gradient is the cross-entropy's.</summary>
    [Fact]
    public void A_student_like_its_teacher_has_no_divergence()
    {
        const int Queries = 20, Keys = 30, Columns = 8;
        float[] embeddings = Floats(Units(new Random(Seed), Queries + Keys, Columns));
        float[] teacher = new float[Queries * Keys];
        for (int i = 0; i < teacher.Length; i++)
        {
            double cosine = Enumerable.Range(0, Columns).Sum(c => (double)embeddings[(i / Keys * Columns) + c] * embeddings[((Queries + (i % Keys)) * Columns) + c]);
            teacher[i] = (float)Math.Max(0, 10 * (1 - cosine));
        }
        (DistillationValue both, float[] gradient) = Run(TestDevices.Get("cpu"), embeddings, Queries, Keys, Columns, teacher, 10);
        (_, float[] alone) = Run(TestDevices.Get("cpu"), embeddings, Queries, Keys, Columns, teacher, 10, divergenceWeight: 0);
        Assert.InRange(both.Divergence, 0, 1e-6);
        Assert.True(both.CrossEntropy > 0.1);
        AssertNear(gradient, [.. alone.Select(value => (double)value)], Enough);
    }

    [Fact]
    public void The_scale_and_the_embeddings_own_place_change_only_what_they_should()
    {
        const int Queries = 6, Keys = 9, Columns = 5;
        var random = new Random(Seed);
        float[] embeddings = Floats(Units(random, Queries + Keys, Columns)), teacher = Teacher(random, Queries, Keys, 0.3);
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using var loss = new DistillationLoss(device, Queries, Keys, Columns);
            using DeviceBuffer<float> own = device.Upload(embeddings), gradient = device.AllocateFloats(embeddings.Length), half = device.AllocateFloats(embeddings.Length);
            DistillationValue first = loss.Gradient(own, teacher, 10, gradient);
            Assert.Equal(first, loss.Gradient(own, teacher, 10, half, 0.5f));
            Assert.Equal(gradient.ToArray().Select(value => value / 2), half.ToArray());
            // Another teacher between them leaves nothing behind.
            loss.Gradient(own, Teacher(random, Queries, Keys, 0), 10, half);
            Assert.Equal(embeddings, own.ToArray());
            Assert.Equal(first, loss.Gradient(own, teacher, 10, own));
            Assert.Equal(gradient.ToArray(), own.ToArray());
        }
    }

    [Fact]
    public void Bad_arguments_are_refused_before_anything_is_written()
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            foreach ((int queries, int keys, int columns) in ((int, int, int)[])[(0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, 1, 1), (1 << 16, 1 << 16, 1), (int.MaxValue, int.MaxValue, 1), (1, 1, int.MaxValue)])
                Assert.Throws<ArgumentException>(() => new DistillationLoss(device, queries, keys, columns));
            long used = device.UsedBytes;
            using (var loss = new DistillationLoss(device, 2, 2, 1))
            {
                using DeviceBuffer<float> embeddings = device.Upload([1f, 1, 1, 1]), gradient = device.Upload([7f, 7, 7, 7]), five = device.AllocateFloats(5);
                void Refused(string expected, DeviceBuffer<float> of, float[] teacher, float inverseTemperature, DeviceBuffer<float> to, float scale = 1)
                    => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => loss.Gradient(of, teacher, inverseTemperature, to, scale)).Message, StringComparison.Ordinal);

                float[] fine = [0, 1, 1, 0];
                Refused("5 values of embeddings", five, fine, 1, gradient);
                Refused("5 of their gradient", embeddings, fine, 1, five);
                Refused("3 teacher's distances where 2 queries and 2 keys have 4", embeddings, [0, 1, 1], 1, gradient);
                Refused("query 1 and key 0 is NaN", embeddings, [0, 1, float.NaN, 0], 1, gradient);
                Refused("query 0 and key 1 is -1", embeddings, [0, -1, 0, 0], 1, gradient);
                Refused("query 1 is left without a key", embeddings, [0, 1, float.PositiveInfinity, float.PositiveInfinity], 1, gradient);
                Refused("inverse temperature is NaN", embeddings, fine, float.NaN, gradient);
                Refused("inverse temperature is -1", embeddings, fine, -1, gradient);
                Refused("scale is Infinity", embeddings, fine, 1, gradient, float.PositiveInfinity);
                Assert.Equal([7f, 7, 7, 7], gradient.ToArray());
            }
            Assert.Equal(used, device.UsedBytes);
        }
    }

    /// <summary>
    /// A teacher's text end to end: positions of a bigram text, the distances of its rows, and free embeddings that go down
    /// the gradient. The two parts want different things of the softmax, so that some of both is left.
    /// </summary>
    [Fact]
    public void Going_down_the_gradient_lowers_the_loss_and_finds_the_kinds_of_tokens()
    {
        const int Queries = 64, Keys = 192, Columns = 16, Top = 20, Steps = 200;
        const float InverseTemperature = 10;
        var teacher = new BigramTeacher(Seed);
        int[] tokens = teacher.Text(Queries + Keys);
        (int[] ids, float[] logs) = teacher.Top(tokens, Top);
        float[] distances = new float[Queries * Keys];
        new TeacherDistances(BigramTeacher.Vocabulary, Top).Compute(
            ids.AsSpan(0, Queries * Top), logs.AsSpan(0, Queries * Top), ids.AsSpan(Queries * Top), logs.AsSpan(Queries * Top), distances);
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using var loss = new DistillationLoss(device, Queries, Keys, Columns);
            using DeviceBuffer<float> free = device.Upload(Floats(Units(new Random(Seed), Queries + Keys, Columns)));
            using DeviceBuffer<float> units = device.AllocateFloats(free.Length), gradient = device.AllocateFloats(free.Length);
            DistillationValue first = default, last = default;
            for (int step = 0; step <= Steps; step++)
            {
                device.NormalizeRows(free, Queries + Keys, Columns, units);
                last = loss.Gradient(units, distances, InverseTemperature, gradient);
                if (step == 0) first = last;
                device.NormalizeRowsBackward(free, gradient, Queries + Keys, Columns, gradient);
                device.Scale(gradient, -2, gradient);
                device.Add(free, gradient, free);
            }
            output.WriteLine($"from {first} to {last}");
            Assert.True(last.CrossEntropy < first.CrossEntropy - 1.5 && last.Divergence < first.Divergence / 2, $"from {first} to {last}");
            // The nearest key, which now is the student's, is of the query's kind.
            float[] e = units.ToArray();
            int alike = Enumerable.Range(0, Queries).Count(i => tokens[i] % BigramTeacher.Kinds == tokens[Queries + Enumerable.Range(0, Keys).MaxBy(
                j => Enumerable.Range(0, Columns).Sum(c => e[(i * Columns) + c] * e[((Queries + j) * Columns) + c]))] % BigramTeacher.Kinds);
            Assert.InRange(alike, 0.9 * Queries, Queries);
        }
    }

    private void Check(DeviceKind kind, int queries, int keys, int columns)
    {
        Device device = TestDevices.Get(kind.ChoiceName());
        foreach (double leftOut in (double[])[0, 0.3])
        {
            var random = new Random(Seed);
            double[] embeddings = Units(random, queries + keys, columns);
            float[] teacher = Teacher(random, queries, keys, leftOut);
            foreach (float inverseTemperature in (float[])[0, 1, 10])
            {
                double[] expected = new double[embeddings.Length];
                DistillationValue value = DistillationLossReference.Gradient(
                    [.. embeddings.Select(e => (double)(float)e)], queries, keys, columns, [.. teacher.Select(distance => (double)distance)], inverseTemperature, 1, 1, expected);
                (DistillationValue actual, float[] gradient) = Run(device, Floats(embeddings), queries, keys, columns, teacher, inverseTemperature);
                Assert.Equal(value.CrossEntropy, actual.CrossEntropy, Enough * Math.Max(1, value.CrossEntropy));
                Assert.Equal(value.Divergence, actual.Divergence, Enough * Math.Max(1, value.Divergence));
                Assert.Equal(value.Loss, actual.Loss, 2 * Enough * Math.Max(1, value.Loss));
                double largest = AssertNear(gradient, expected, Enough * Math.Max(1, inverseTemperature));
                output.WriteLine($"{kind} 1/T {inverseTemperature}, {leftOut:P0} left out: loss {value.Loss:F3} ({actual.Loss - value.Loss:G2}), gradient to {largest:G2}");
            }
        }
    }

    private static (DistillationValue Value, float[] Gradient) Run(
        Device device, float[] embeddings, int queries, int keys, int columns, float[] teacher, float inverseTemperature, double divergenceWeight = 1)
    {
        lock (device)
        {
            using var loss = new DistillationLoss(device, queries, keys, columns) { DivergenceWeight = divergenceWeight };
            using DeviceBuffer<float> own = device.Upload(embeddings), gradient = device.AllocateFloats(embeddings.Length);
            DistillationValue value = loss.Gradient(own, teacher, inverseTemperature, gradient);
            return (value, gradient.ToArray());
        }
    }

    private static double AssertNear(float[] actual, double[] expected, double enough)
    {
        double largest = actual.Zip(expected, (a, b) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(a - b)).Max();
        Assert.True(largest <= enough, $"largest difference {largest:G3}");
        return largest;
    }

    /// <summary>Distances up to 12, some pairs at ∞, but one of each query's.</summary>
    private static float[] Teacher(Random random, int queries, int keys, double leftOut)
    {
        float[] distances = new float[queries * keys];
        for (int i = 0; i < queries; i++)
        {
            int kept = random.Next(keys);
            for (int j = 0; j < keys; j++)
                distances[(i * keys) + j] = j != kept && random.NextDouble() < leftOut ? float.PositiveInfinity : 12 * random.NextSingle();
        }
        return distances;
    }

    private static double[] Units(Random random, int rows, int columns)
    {
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (2 * random.NextDouble()) - 1)];
        for (int row = 0; row < rows; row++)
        {
            double length = Math.Sqrt(values.AsSpan(row * columns, columns).ToArray().Sum(value => value * value));
            for (int c = 0; c < columns; c++)
                values[(row * columns) + c] /= length;
        }
        return values;
    }

    private static float[] Floats(double[] values) => [.. values.Select(value => (float)value)];
}

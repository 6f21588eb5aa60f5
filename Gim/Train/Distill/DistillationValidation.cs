using Gim.Kernels.Devices;
using Gim.Similarity;

namespace Gim.Train.Distill;

/// <summary>
/// How a model in training compares held-out windows: the distillation loss, and how often the key that it holds nearest to a
/// query is the teacher's nearest, or as near as that to the teacher.
/// </summary>
/// <param name="batches">Of held-out text; null where too little is held out.</param>
/// <param name="passes">How many of them are taken, always the first ones.</param>
internal sealed class DistillationValidation(DistillationShape shape, TeacherBatches? batches, int passes) : IValidation
{
    /// <summary>Rows that go through the model together: their values then stay in the caches of a processor.</summary>
    private const int RowsTogether = 4096;

    /// <summary>What metrics call it.</summary>
    public const string SetName = "teacher";

    /// <inheritdoc/>
    public bool IsEmpty => batches is null;

    /// <inheritdoc/>
    public ValidationOutcome Run(ModelParameters parameters, CancellationToken cancellation)
    {
        if (batches is null) return new ValidationOutcome(double.NaN, "", []);
        Device device = parameters.Device;
        float beta = parameters.InverseTemperature;
        int columns = parameters.Configuration.OutputColumns;
        // The weights are the parameters themselves, which stay the trainer's.
        using var network = new SimilarityNetwork(parameters.Configuration, parameters.Weights, device);
        using var loss = new DistillationLoss(device, shape.Queries, shape.Keys, columns);
        using DeviceBuffer<float> embeddings = device.AllocateFloats(shape.Windows * columns), onDevice = device.AllocateFloats(shape.Pairs);
        int[] tokens = new int[shape.Tokens];
        float[] distances = new float[shape.Pairs], cosines = new float[shape.Pairs];
        double crossEntropy = 0, divergence = 0, sum = 0;
        long right = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            batches.Fill(pass, tokens, distances);
            Embed(network, tokens, embeddings);
            device.Multiply(
                embeddings.Slice(0, shape.Queries * columns), embeddings.Slice(shape.Queries * columns, shape.Keys * columns),
                new ProductShape(shape.Queries, shape.Keys, columns) { TransposeB = true }, onDevice);
            onDevice.Download(cosines);
            right += CountNearest(cosines, distances);
            DistillationValue value = loss.Gradient(embeddings, distances, beta, embeddings);
            sum += value.Loss;
            crossEntropy += value.CrossEntropy;
            divergence += value.Divergence;
        }
        double recall = right / ((double)passes * shape.Queries);
        return new ValidationOutcome(
            sum / passes,
            $"cross-entropy {crossEntropy / passes:F4}, divergence {divergence / passes:F4}, nearest key right {100 * recall:F1} %",
            [new ValidatedSet(SetName, sum / passes, recall, null, null, null)]);
    }

    private void Embed(SimilarityNetwork network, ReadOnlySpan<int> tokens, DeviceView<float> embeddings)
    {
        int columns = network.Configuration.OutputColumns, each = Math.Max(1, RowsTogether / shape.Window);
        for (int first = 0; first < shape.Windows; first += each)
        {
            int count = Math.Min(each, shape.Windows - first);
            network.EmbedLast(
                tokens.Slice(first * shape.Window, count * shape.Window), count, shape.Window, embeddings.Slice(first * columns, count * columns));
        }
    }

    /// <summary>Queries whose nearest key by cosine, the first of equal ones, has the teacher's least distance.</summary>
    /// <param name="cosines">[queries, keys]</param>
    /// <param name="distances">[queries, keys]; keys at ∞ are left out.</param>
    private int CountNearest(ReadOnlySpan<float> cosines, ReadOnlySpan<float> distances)
    {
        int right = 0;
        for (int i = 0; i < shape.Queries; i++)
        {
            ReadOnlySpan<float> near = cosines.Slice(i * shape.Keys, shape.Keys), teacher = distances.Slice(i * shape.Keys, shape.Keys);
            int best = -1;
            float least = float.PositiveInfinity;
            for (int j = 0; j < near.Length; j++)
            {
                if (float.IsPositiveInfinity(teacher[j])) continue;
                least = Math.Min(least, teacher[j]);
                if (best < 0 || near[j] > near[best]) best = j;
            }
            if (teacher[best] == least) right++;
        }
        return right;
    }
}

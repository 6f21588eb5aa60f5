using Gim.Kernels.Devices;

namespace Gim.Train.Distill;

/// <summary>The value of <see cref="DistillationLoss"/> in nats, and its two parts without their weights, means over the queries.</summary>
internal readonly record struct DistillationValue(double Loss, double CrossEntropy, double Divergence);

/// <summary>
/// The published training loss (method section 2) and its gradient. For a query i and a key j let D_ij = (1 - e_i · e_j) / T be
/// the student's distance of their embeddings and D*_ij the teacher's of their next-token distributions; with
/// q_i = softmax_j(-D_ij) and p_i = softmax_j(-D*_ij), the loss is the mean over the queries of
/// <code>
/// - log q_ij*, j* = argmin_j D*_ij, the first of equal ones      (cross-entropy)
/// + Σ_j q_ij (log q_ij - log p_ij)                               (reverse Kullback-Leibler divergence)
/// </code>
/// each with a weight, 1 and 1 in print (128 queries, 512 keys, T = 0.1). By s_ij = e_i · e_j / T the parts have the gradients
/// q_ij - [j = j*] and q_ij (log q_ij - log p_ij - Σ_k q_ik (log q_ik - log p_ik)). A pair at the teacher's distance ∞ is left out
/// of its row, as a position with itself must be. Computed in float32 by the device's operations; bits repeat.
/// </summary>
internal sealed class DistillationLoss : IDisposable
{
    /// <summary>
    /// Added to the s of pairs that are left out: their probability is 0 beside any other, and times it still 0, which -∞ would
    /// not be.
    /// </summary>
    private const float LeftOut = -1e30f;

    private readonly Device device;
    private readonly int queries, keys, columns;
    private readonly List<IDisposable> held = [];
    private readonly DeviceBuffer<float> student, gap, slopes, losses, gradients;
    private readonly DeviceBuffer<int> targets;
    private readonly float[] minusLogTeacher, added, ofQueries;
    private readonly int[] nearest;

    /// <param name="device">Stays the caller's.</param>
    /// <param name="columns">Values of an embedding.</param>
    /// <exception cref="ArgumentException">A size is not positive, or their products are more than a buffer can hold.</exception>
    public DistillationLoss(Device device, int queries, int keys, int columns)
    {
        if (queries < 1 || keys < 1 || columns < 1)
            throw new ArgumentException($"a distillation loss of {queries} queries, {keys} keys and {columns} columns; expected at least 1 of each", nameof(queries));
        if (2L * queries > Device.MaximumLength || (long)queries * keys > Device.MaximumLength || ((long)queries + keys) * columns > Device.MaximumLength)
            throw new ArgumentException($"a distillation loss of {queries} queries, {keys} keys and {columns} columns has more than {Device.MaximumLength} values", nameof(queries));
        (this.device, this.queries, this.keys, this.columns) = (device, queries, keys, columns);
        int pairs = queries * keys;
        minusLogTeacher = new float[pairs];
        added = new float[pairs];
        ofQueries = new float[2 * queries];
        nearest = new int[queries];
        try
        {
            student = Floats(pairs);
            gap = Floats(pairs);
            slopes = Floats(pairs);
            losses = Floats(2 * queries);
            gradients = Floats((queries + keys) * columns);
            held.Add(targets = device.AllocateInts(queries));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Weight of the cross-entropy.</summary>
    public double CrossEntropyWeight { get; init; } = 1;

    /// <summary>Weight of the divergence.</summary>
    public double DivergenceWeight { get; init; } = 1;

    /// <summary>The loss, and scale times its gradient by the embeddings: that of their products, before rows were made unit.</summary>
    /// <param name="embeddings">[queries + keys, columns], rows of length 1, the queries first.</param>
    /// <param name="teacherDistances">[queries, keys], from 0 to ∞; ∞ leaves a pair out, and each query keeps a key.</param>
    /// <param name="inverseTemperature">1 / T.</param>
    /// <param name="gradient">[queries + keys, columns]; the embeddings themselves or a place apart.</param>
    /// <param name="scale">One over the batches whose gradients are summed.</param>
    /// <exception cref="ArgumentException">A length or a value is none of those.</exception>
    public DistillationValue Gradient(
        DeviceView<float> embeddings, ReadOnlySpan<float> teacherDistances, float inverseTemperature, DeviceView<float> gradient, float scale = 1)
    {
        int count = (queries + keys) * columns, ofQueriesOnly = queries * columns;
        if (embeddings.Length != count || gradient.Length != count)
            throw new ArgumentException($"{embeddings.Length} values of embeddings and {gradient.Length} of their gradient, where {queries} queries and {keys} keys of {columns} columns have {count}", nameof(embeddings));
        if (!(inverseTemperature >= 0) || float.IsInfinity(inverseTemperature))
            throw new ArgumentException($"the inverse temperature is {inverseTemperature}; expected a number from 0 on", nameof(inverseTemperature));
        if (!float.IsFinite(scale))
            throw new ArgumentException($"the scale is {scale}; expected a finite number", nameof(scale));
        bool all = TakeTeacher(teacherDistances);
        DeviceView<float> ofQuery = embeddings.Slice(0, ofQueriesOnly), ofKey = embeddings.Slice(ofQueriesOnly, count - ofQueriesOnly);
        if (!all) device.Upload<float>(added, student);
        device.Multiply(ofQuery, ofKey, new ProductShape(queries, keys, columns) { TransposeB = true, Alpha = inverseTemperature, Beta = all ? 0 : 1 }, student);
        device.Upload<int>(nearest, targets);
        device.CrossEntropy(student, targets, queries, keys, (float)(CrossEntropyWeight / queries), losses.Slice(0, queries), slopes);

        device.Upload<float>(minusLogTeacher, gap);
        device.LogSoftmax(student, queries, keys, student);
        device.Add(student, gap, gap);
        // The logarithms of probabilities have these as their softmax.
        device.Softmax(student, queries, keys, student);
        device.MultiplyBatch(student, gap, ProductBatch.Contiguous(queries, new ProductShape(1, 1, keys)), losses.Slice(queries, queries));
        device.SoftmaxBackward(student, gap, queries, keys, gap);
        device.Scale(gap, (float)(DivergenceWeight / queries), gap);
        device.Add(slopes, gap, slopes);

        DeviceView<float> queryGradients = gradients.Slice(0, ofQueriesOnly), keyGradients = gradients.Slice(ofQueriesOnly, count - ofQueriesOnly);
        device.Multiply(slopes, ofKey, new ProductShape(queries, columns, keys) { Alpha = inverseTemperature }, queryGradients);
        device.Multiply(slopes, ofQuery, new ProductShape(keys, columns, queries) { TransposeA = true, Alpha = inverseTemperature }, keyGradients);
        device.Scale(gradients, scale, gradient);
        losses.Download(ofQueries);
        double crossEntropy = Mean(ofQueries.AsSpan(0, queries)), divergence = Math.Max(0, Mean(ofQueries.AsSpan(queries)));
        return new DistillationValue(CrossEntropyWeight * crossEntropy + DivergenceWeight * divergence, crossEntropy, divergence);
    }

    /// <summary>The nearest key and -log p of every query.</summary>
    /// <returns>Whether no pair is left out.</returns>
    private bool TakeTeacher(ReadOnlySpan<float> distances)
    {
        if (distances.Length != minusLogTeacher.Length)
            throw new ArgumentException($"{distances.Length} teacher's distances where {queries} queries and {keys} keys have {minusLogTeacher.Length}", nameof(distances));
        bool all = true;
        for (int i = 0; i < queries; i++)
        {
            ReadOnlySpan<float> own = distances.Slice(i * keys, keys);
            int least = 0;
            for (int j = 0; j < keys; j++)
            {
                if (!(own[j] >= 0))
                    throw new ArgumentException($"the teacher's distance of query {i} and key {j} is {own[j]}; expected a number from 0 on", nameof(distances));
                if (own[j] < own[least]) least = j;
            }
            if (float.IsPositiveInfinity(own[least]))
                throw new ArgumentException($"query {i} is left without a key: all its teacher's distances are ∞", nameof(distances));
            double sum = 0;
            foreach (float distance in own)
                sum += Math.Exp((double)own[least] - distance);
            double log = Math.Log(sum) - own[least];
            for (int j = 0; j < keys; j++)
            {
                bool there = float.IsFinite(own[j]);
                all &= there;
                added[i * keys + j] = there ? 0 : LeftOut;
                minusLogTeacher[i * keys + j] = there ? (float)(own[j] + log) : 0;
            }
            nearest[i] = least;
        }
        return all;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }

    private DeviceBuffer<float> Floats(int length)
    {
        DeviceBuffer<float> buffer = device.AllocateFloats(length, "take fewer queries or keys");
        held.Add(buffer);
        return buffer;
    }

    public void Dispose() => held.ForEach(buffer => buffer.Dispose());
}

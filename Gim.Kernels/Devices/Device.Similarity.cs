namespace Gim.Kernels.Devices;

/// <summary>How alike contexts are, as the fuzzy induction head weighs them.</summary>
public abstract partial class Device
{
    /// <summary>
    /// destination_ij = exp(-(1 - queries_i · keys_j) inverseTemperature) where key j is earlier than query i's position
    /// (j &lt; firstPosition + i), else 0. With rows of length 1 the product is their cosine, and the weight the paper's
    /// similarity s with T = 1 / inverseTemperature. NaN goes through.
    /// </summary>
    /// <param name="queries">[queryCount, columns]; query i stands at position firstPosition + i of the keys.</param>
    /// <param name="keys">[keyCount, columns]</param>
    /// <param name="firstPosition">From 0 on; keyCount or more to let every query see every key.</param>
    /// <param name="inverseTemperature">Not negative.</param>
    /// <param name="destination">[queryCount, keyCount]</param>
    public void SimilarityWeights(
        DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int columns, int firstPosition, float inverseTemperature,
        DeviceView<float> destination)
    {
        const string operation = "similarity weights";
        RequireLength(operation, nameof(queries), queries, Count(operation, nameof(queryCount), queryCount, nameof(columns), columns));
        RequireLength(operation, nameof(keys), keys, Count(operation, nameof(keyCount), keyCount, nameof(columns), columns));
        RequireLength(operation, nameof(destination), destination, Count(operation, nameof(queryCount), queryCount, nameof(keyCount), keyCount));
        RequireSize(operation, nameof(firstPosition), firstPosition);
        if (!(inverseTemperature >= 0) || float.IsInfinity(inverseTemperature))
            throw new ShapeException($"{operation}: inverseTemperature is {inverseTemperature}; it must be a number from 0 on");
        RequireApart(operation, nameof(destination), destination, nameof(queries), queries);
        RequireApart(operation, nameof(destination), destination, nameof(keys), keys);
        if (destination.Length > 0)
            SimilarityWeightsCore(queries, keys, queryCount, keyCount, columns, firstPosition, inverseTemperature, destination);
    }

    private protected abstract void SimilarityWeightsCore(
        DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int columns, int firstPosition, float inverseTemperature,
        DeviceView<float> destination);
}

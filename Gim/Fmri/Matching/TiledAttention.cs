using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Fmri.Matching;

/// <summary>
/// Attention of many rows to the memory that they all see. A tile of weights exp((cos - 1) / T) is a product of some rows
/// and some of the memory; another product adds it to the sums of weighted values, whose last column, of ones, is the sum of
/// weights.
/// </summary>
/// <remarks>
/// At low temperatures all weights of a row could be too small for a float. There the largest cosine m of each row is found
/// first, and one more column, of ones in the memory and 1 - m in the row, makes the weights exp((cos - m) / T).
/// </remarks>
internal sealed class TiledAttention : IDisposable
{
    /// <summary>Below 2 / 40 the smallest weight is less than e^-40, and sums of such weights might lose digits.</summary>
    private const double LowTemperature = 0.05;

    private readonly Device device;
    private readonly int[] seen;
    private readonly CrossStoryRule rule;
    private readonly bool shifted;
    private readonly int keyColumns, queryColumns, valueColumns, queriesTogether, keysTogether;
    private readonly DeviceBuffer<float> keys, values, queries, weights, sums;
    private readonly float[] host, largest;

    /// <param name="seen">Rows of the memory, ascending; at least one.</param>
    public TiledAttention(Device device, MatchMemory memory, int[] seen, CrossStoryRule rule)
    {
        (this.device, this.seen, this.rule) = (device, seen, rule);
        shifted = rule.Temperature < LowTemperature;
        (keyColumns, valueColumns) = (memory.Keys.Columns, memory.Values.Columns + 1);
        queryColumns = keyColumns + (shifted ? 1 : 0);
        // A processor's tile stays in its caches; a GPU needs enough of them at once to be busy.
        (queriesTogether, keysTogether) = device.Description.IsProcessor ? (512, 1024) : (2048, 16384);
        keysTogether = Math.Min(keysTogether, seen.Length);
        keys = Upload(memory.Keys, queryColumns);
        values = Upload(memory.Values, valueColumns);
        queries = device.AllocateFloats(queriesTogether * queryColumns);
        weights = device.AllocateFloats(queriesTogether * keysTogether);
        sums = device.AllocateFloats(queriesTogether * valueColumns);
        host = new float[queriesTogether * Math.Max(queryColumns, valueColumns)];
        largest = new float[queriesTogether];
    }

    /// <summary>The rows that are seen, with ones in the columns that they do not have.</summary>
    private DeviceBuffer<float> Upload(Matrix source, int columns)
    {
        const int Rows = 1024;
        DeviceBuffer<float> buffer = device.AllocateFloats(checked(seen.Length * columns), "use fewer training rows, key columns or value columns");
        float[] some = new float[Rows * columns];
        some.AsSpan().Fill(1);
        for (int first = 0; first < seen.Length; first += Rows)
        {
            int count = Math.Min(Rows, seen.Length - first);
            for (int i = 0; i < count; i++)
                source.Row(seen[first + i]).CopyTo(some.AsSpan(i * columns));
            device.Upload<float>(some.AsSpan(0, count * columns), buffer.Slice(first * columns, count * columns));
        }
        return buffer;
    }

    /// <param name="unitKeys">Of length 1.</param>
    /// <param name="rows">The rows that are matched.</param>
    public void Match(Matrix unitKeys, int[] rows, MatchedValues matched, CancellationToken cancellation)
    {
        for (int first = 0; first < rows.Length; first += queriesTogether)
        {
            ReadOnlySpan<int> some = rows.AsSpan(first, Math.Min(queriesTogether, rows.Length - first));
            if (shifted)
            {
                UploadQueries(unitKeys, some, withLargest: false);
                FindLargest(some.Length, cancellation);
            }
            UploadQueries(unitKeys, some, withLargest: true);
            Attend(some, matched, cancellation);
        }
    }

    /// <param name="withLargest">Whether the column of shifted weights holds 1 - m, rather than nothing yet.</param>
    private void UploadQueries(Matrix unitKeys, ReadOnlySpan<int> rows, bool withLargest)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            unitKeys.Row(rows[i]).CopyTo(host.AsSpan(i * queryColumns));
            if (shifted)
                host[i * queryColumns + keyColumns] = withLargest ? 1 - largest[i] : 0;
        }
        device.Upload<float>(host.AsSpan(0, rows.Length * queryColumns), queries.Slice(0, rows.Length * queryColumns));
    }

    private void FindLargest(int count, CancellationToken cancellation)
    {
        using DeviceBuffer<float> tops = device.AllocateFloats(count);
        using DeviceBuffer<int> indexes = device.AllocateInts(count);
        largest.AsSpan().Fill(float.NegativeInfinity);
        float[] found = new float[count];
        for (int first = 0; first < seen.Length; first += keysTogether)
        {
            cancellation.ThrowIfCancellationRequested();
            int width = Math.Min(keysTogether, seen.Length - first);
            DeviceView<float> tile = weights.Slice(0, count * width);
            device.Multiply(
                queries.Slice(0, count * queryColumns), keys.Slice(first * queryColumns, width * queryColumns),
                new ProductShape(count, width, queryColumns) { TransposeB = true }, tile);
            device.TopK(tile, count, width, 1, tops, indexes);
            tops.Download(found);
            for (int i = 0; i < count; i++)
                largest[i] = Math.Max(largest[i], found[i]);
        }
    }

    private void Attend(ReadOnlySpan<int> rows, MatchedValues matched, CancellationToken cancellation)
    {
        int count = rows.Length;
        var strongest = new StrongestTiles(device, count, Math.Min(rule.Strongest, seen.Length));
        DeviceView<float> sum = sums.Slice(0, count * valueColumns), query = queries.Slice(0, count * queryColumns);
        for (int first = 0; first < seen.Length; first += keysTogether)
        {
            cancellation.ThrowIfCancellationRequested();
            int width = Math.Min(keysTogether, seen.Length - first);
            DeviceView<float> tile = weights.Slice(0, count * width);
            // A first position behind the last key lets every row see every key.
            device.SimilarityWeights(
                query, keys.Slice(first * queryColumns, width * queryColumns), count, width, queryColumns, width, (float)(1 / rule.Temperature), tile);
            device.Multiply(
                tile, values.Slice(first * valueColumns, width * valueColumns), new ProductShape(count, valueColumns, width) { Beta = first == 0 ? 0 : 1 }, sum);
            strongest.Add(tile, width, first);
        }
        Span<float> all = host.AsSpan(0, count * valueColumns);
        device.Download(sum, all);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> own = all.Slice(i * valueColumns, valueColumns);
            TensorPrimitives.Divide(own[..^1], own[^1], matched.Values.Row(rows[i]));
            strongest.Take(i, own[^1], seen, rows[i], matched.Strongest);
        }
    }

    public void Dispose()
    {
        keys.Dispose();
        values.Dispose();
        queries.Dispose();
        weights.Dispose();
        sums.Dispose();
    }
}

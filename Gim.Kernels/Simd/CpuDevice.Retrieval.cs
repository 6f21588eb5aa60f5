using System.Buffers;
using System.Numerics.Tensors;
using Gim.Kernels.Devices;
using Gim.Kernels.Products;
using Gim.Kernels.Sequences;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override unsafe void RetrievalLikelihoodCore(
        DeviceView<float> embeddings, DeviceView<int> nextTokens, RetrievalShape shape, DeviceView<float> inverseTemperature, float scale,
        DeviceView<float> losses, DeviceView<float> gradient, DeviceView<float> inverseTemperatureGradient, bool wanted)
    {
        // Enough sequences for all threads: one thread each. Else the threads share the products of a sequence.
        bool bySequence = shape.Sequences >= threads;
        double[] rented = ArrayPool<double>.Shared.Rent(shape.Sequences);
        fixed (double* temperatureSlopes = rented)
        {
            var work = new RetrievalWork(
                Values(embeddings), Values(nextTokens), shape, Span(inverseTemperature)[0], scale, Values(losses), Values(gradient),
                temperatureSlopes, wanted, bySequence ? 1 : threads);
            if (bySequence)
                Divide(shape.Sequences, 1L + (long)shape.Length * shape.Length * shape.Columns / 16, work);
            else
                work.Run(0, shape.Sequences);
        }
        if (wanted)
        {
            double sum = 0;
            foreach (double slope in rented.AsSpan(0, shape.Sequences))
                sum += slope;
            Span(inverseTemperatureGradient)[0] += (float)sum;
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>An item is a sequence, in tiles of queries against all earlier keys.</summary>
    private readonly unsafe struct RetrievalWork(
        HostValues<float> embeddings, HostValues<int> nextTokens, RetrievalShape shape, float beta, float scale,
        HostValues<float> losses, HostValues<float> gradient, double* temperatureSlopes, bool wanted, int threads) : IDivisibleWork
    {
        /// <summary>Queries of a tile: with a thousand keys, their cosines take a quarter of a second cache.</summary>
        private const int Queries = 64;

        public void Run(int start, int end)
        {
            int tile = Math.Min(Queries, shape.Length), columns = shape.Columns;
            int[] positions = ArrayPool<int>.Shared.Rent(shape.Length);
            float[] matchWeights = ArrayPool<float>.Shared.Rent(shape.Length);
            float* cosines = PackBuffer.Attention.Take((nint)tile * shape.Length + (nint)tile * columns), sums = cosines + (nint)tile * shape.Length;
            for (int sequence = start; sequence < end; sequence++)
            {
                int row = sequence * shape.Length;
                float* own = embeddings.First + (nint)row * columns, ownGradient = wanted ? gradient.First + (nint)row * columns : null;
                double temperatureSlope = 0;
                if (wanted) new Span<float>(ownGradient, shape.Length * columns).Clear();
                for (int first = 0; first < shape.Length; first += Queries)
                {
                    int count = Math.Min(Queries, shape.Length - first), keys = first + count;
                    Product(count, keys, columns, own + (nint)first * columns, columns, false, own, columns, true, 0, cosines, keys);
                    for (int i = 0; i < count; i++)
                        Query(nextTokens.Range(row, row + first + i), nextTokens[row + first + i], new Span<float>(cosines + (nint)i * keys, keys), positions, matchWeights, out losses[row + first + i]);
                    if (!wanted) continue;
                    Product(count, columns, keys, cosines, keys, false, own, columns, false, 0, sums, columns);
                    temperatureSlope += TensorPrimitives.Dot(new ReadOnlySpan<float>(sums, count * columns), new ReadOnlySpan<float>(own + (nint)first * columns, count * columns));
                    Product(keys, columns, count, cosines, keys, true, own + (nint)first * columns, columns, false, 1, ownGradient, columns);
                    var ofQueries = new Span<float>(ownGradient + (nint)first * columns, count * columns);
                    TensorPrimitives.Add(ofQueries, new ReadOnlySpan<float>(sums, count * columns), ofQueries);
                }
                temperatureSlopes[sequence] = temperatureSlope;
                if (!wanted) continue;
                var all = new Span<float>(ownGradient, shape.Length * columns);
                TensorPrimitives.Multiply(all, beta, all);
            }
            ArrayPool<int>.Shared.Return(positions);
            ArrayPool<float>.Shared.Return(matchWeights);
        }

        /// <summary>Turns a query's cosines into what the loss gains for each of them, less the factor β.</summary>
        /// <param name="earlier">The tokens that follow the earlier positions.</param>
        private void Query(ReadOnlySpan<int> earlier, int next, Span<float> row, int[] positions, float[] matchWeights, out float loss)
        {
            int matches = earlier.Length < shape.FirstQuery ? 0 : SequenceScan.IndexesOf(earlier, next, positions);
            row[earlier.Length..].Clear();
            Span<float> seen = row[..earlier.Length];
            if (matches == 0)
            {
                seen.Clear();
                loss = 0;
                return;
            }
            Span<float> alike = matchWeights.AsSpan(0, matches);
            for (int i = 0; i < matches; i++)
                alike[i] = seen[positions[i]];
            float largest = TensorPrimitives.Max<float>(seen), largestAlike = TensorPrimitives.Max<float>(alike);
            float sum = Elementwise.Exponential.Apply(seen, largest, beta, seen), sumAlike = Elementwise.Exponential.Apply(alike, largestAlike, beta, alike);
            // Rounding must not make a certain answer better than certain.
            loss = MathF.Max(0, beta * largest + MathF.Log(sum) - beta * largestAlike - MathF.Log(sumAlike));
            if (!wanted) return;
            TensorPrimitives.Multiply(seen, scale / sum, seen);
            for (int i = 0; i < matches; i++)
                seen[positions[i]] -= alike[i] * (scale / sumAlike);
        }

        private void Product(int m, int n, int k, float* a, nint lda, bool transposeA, float* b, nint ldb, bool transposeB, float beta, float* c, nint ldc)
            => MatrixProduct.Run(m, n, k, 1, a, lda, transposeA, b, ldb, transposeB, beta, c, ldc, threads);
    }
}

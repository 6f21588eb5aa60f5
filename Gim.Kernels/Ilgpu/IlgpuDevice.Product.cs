using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void MultiplyCore(
        DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias, bool hasBias)
    {
        int tiles = ProductKernels.Tiles(shape.M) * ProductKernels.Tiles(shape.N);
        // A kernel always takes a view; without a bias it gets c's and leaves it alone.
        kernels.Launch(
            ProductKernels.Multiply, tiles, KernelGroups.ElementThreads,
            View(a), View(b), View(hasBias ? bias : c), new ProductSizes(shape, hasBias, default), View(c));
    }

    private protected override void MultiplyBatchCore(DeviceView<float> a, DeviceView<float> b, ProductBatch batch, DeviceView<float> c)
    {
        ProductShape shape = batch.Product;
        kernels.Launch(
            ProductKernels.Multiply, batch.Count * ProductKernels.Tiles(shape.M) * ProductKernels.Tiles(shape.N), KernelGroups.ElementThreads,
            View(a), View(b), View(c), new ProductSizes(shape, hasBias: false, batch), View(c));
    }
}

/// <summary><see cref="ProductShape"/> as a kernel can take it: no bools.</summary>
internal readonly struct ProductSizes(ProductShape shape, bool hasBias, ProductBatch batch)
{
    public readonly int M = shape.M, N = shape.N, K = shape.K;
    public readonly int TransposeA = shape.TransposeA ? 1 : 0, TransposeB = shape.TransposeB ? 1 : 0;
    public readonly int HasBias = hasBias ? 1 : 0, Gelu = shape.Gelu ? 1 : 0;
    public readonly float Alpha = shape.Alpha, Beta = shape.Beta;
    public readonly int StrideA = batch.StrideA, StrideB = batch.StrideB, StrideC = batch.StrideC;
}

/// <summary>Four neighbouring sums of a thread, as a structure because ILGPU keeps those in registers.</summary>
internal struct Sums4
{
    public float S0, S1, S2, S3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float left, float right0, float right1, float right2, float right3)
    {
        S0 += left * right0;
        S1 += left * right1;
        S2 += left * right2;
        S3 += left * right3;
    }
}

/// <summary>
/// C in tiles of 64 x 64, a group of 16 x 16 threads each; the tiles of one product of a batch after those of another. Along k, 16 columns of op(A) and 16 rows of op(B) at a time are
/// brought to shared memory, zeros beyond the edges; a thread holds 4 x 4 sums (rows 4y to 4y+3, columns x, x+16, x+32,
/// x+48: neighbouring threads then write neighbouring places).
/// </summary>
internal static class ProductKernels
{
    private const int Tile = 64;
    private const int Depth = 16;
    private const int Side = 16;

    /// <summary>One more than a tile, so that writes of a column fall into different memory banks.</summary>
    private const int Pitch = Tile + 1;

    public static int Tiles(int size) => (int)(((long)size + Tile - 1) / Tile);

    [DeviceKernel]
    public static void Multiply(ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ProductSizes sizes, ArrayView<float> c)
    {
        ArrayView<float> left = SharedMemory.Allocate<float>(Depth * Pitch);
        ArrayView<float> right = SharedMemory.Allocate<float>(Depth * Pitch);
        int thread = Group.IdxX, x = thread % Side, y = thread / Side;
        int across = (sizes.N + Tile - 1) / Tile, tiles = across * ((sizes.M + Tile - 1) / Tile);
        int product = Grid.IdxX / tiles, tile = Grid.IdxX % tiles;
        int firstRow = tile / across * Tile, firstColumn = tile % across * Tile;
        int fromA = product * sizes.StrideA, fromB = product * sizes.StrideB, toC = product * sizes.StrideC;
        Sums4 sums0 = default, sums1 = default, sums2 = default, sums3 = default;

        for (int start = 0; start < sizes.K; start += Depth)
        {
            for (int i = thread; i < Depth * Tile; i += KernelGroups.ElementThreads)
            {
                // Neighbouring threads read neighbouring places of either layout.
                int depth = sizes.TransposeA != 0 ? i / Tile : i % Depth, row = sizes.TransposeA != 0 ? i % Tile : i / Depth;
                int k = start + depth, m = firstRow + row;
                float value = 0;
                if (k < sizes.K && m < sizes.M)
                    value = a[fromA + (sizes.TransposeA != 0 ? k * sizes.M + m : m * sizes.K + k)];
                left[depth * Pitch + row] = value;
            }
            for (int i = thread; i < Depth * Tile; i += KernelGroups.ElementThreads)
            {
                int depth = sizes.TransposeB != 0 ? i % Depth : i / Tile, column = sizes.TransposeB != 0 ? i / Depth : i % Tile;
                int k = start + depth, n = firstColumn + column;
                float value = 0;
                if (k < sizes.K && n < sizes.N)
                    value = b[fromB + (sizes.TransposeB != 0 ? n * sizes.K + k : k * sizes.N + n)];
                right[depth * Pitch + column] = value;
            }
            Group.Barrier();
            for (int depth = 0; depth < Depth; depth++)
            {
                int l = depth * Pitch + 4 * y, r = depth * Pitch + x;
                float right0 = right[r], right1 = right[r + Side], right2 = right[r + 2 * Side], right3 = right[r + 3 * Side];
                sums0.Add(left[l], right0, right1, right2, right3);
                sums1.Add(left[l + 1], right0, right1, right2, right3);
                sums2.Add(left[l + 2], right0, right1, right2, right3);
                sums3.Add(left[l + 3], right0, right1, right2, right3);
            }
            Group.Barrier();
        }
        WriteRow(sums0, firstRow + 4 * y, firstColumn + x, toC, bias, sizes, c);
        WriteRow(sums1, firstRow + 4 * y + 1, firstColumn + x, toC, bias, sizes, c);
        WriteRow(sums2, firstRow + 4 * y + 2, firstColumn + x, toC, bias, sizes, c);
        WriteRow(sums3, firstRow + 4 * y + 3, firstColumn + x, toC, bias, sizes, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRow(Sums4 sums, int row, int column, int toC, ArrayView<float> bias, ProductSizes sizes, ArrayView<float> c)
    {
        Write(sums.S0, row, column, toC, bias, sizes, c);
        Write(sums.S1, row, column + Side, toC, bias, sizes, c);
        Write(sums.S2, row, column + 2 * Side, toC, bias, sizes, c);
        Write(sums.S3, row, column + 3 * Side, toC, bias, sizes, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(float sum, int row, int column, int toC, ArrayView<float> bias, ProductSizes sizes, ArrayView<float> c)
    {
        if (row >= sizes.M || column >= sizes.N) return;
        int place = toC + row * sizes.N + column;
        float value = sizes.Alpha == 0 ? 0 : sizes.Alpha * sum;
        if (sizes.Beta != 0) value += sizes.Beta * c[place];
        if (sizes.HasBias != 0) value += bias[column];
        if (sizes.Gelu != 0) value = KernelGelu.Value(value);
        c[place] = value;
    }
}

using Gim.Kernels.Devices;
using Gim.Kernels.Products;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    /// <summary>Rows of the gram matrix that are one product, from column 0 to the diagonal.</summary>
    private const int GramBlock = 256;

    private protected override void AddGramCore(DeviceView<float> x, int rows, int columns, DeviceView<float> gram)
    {
        ReadOnlySpan<float> from = Span(x);
        for (int first = 0; first < columns; first += GramBlock)
        {
            int count = Math.Min(GramBlock, columns - first);
            MatrixProduct.Multiply(
                count, first + count, rows, 1, from[first..], columns, transposeA: true, from, columns, transposeB: false,
                1, Span(gram)[(first * columns)..], columns, threads: threads);
        }
        int tiles = (columns + MirrorWork.Tile - 1) / MirrorWork.Tile;
        Divide(tiles, (long)MirrorWork.Tile * columns, new MirrorWork(Values(gram), columns));
    }

    /// <summary>Copies the lower triangle to the upper one, in tiles that stay in the first cache; an item is the tiles of some rows.</summary>
    private readonly struct MirrorWork(HostValues<float> gram, int columns) : IDivisibleWork
    {
        public const int Tile = 32;

        public void Run(int start, int end)
        {
            for (int rowTile = start; rowTile < end; rowTile++)
            {
                int firstRow = rowTile * Tile, endRow = Math.Min(firstRow + Tile, columns);
                for (int firstColumn = firstRow; firstColumn < columns; firstColumn += Tile)
                    Mirror(firstRow, endRow, firstColumn, Math.Min(firstColumn + Tile, columns));
            }
        }

        private void Mirror(int firstRow, int endRow, int firstColumn, int endColumn)
        {
            for (int r = firstRow; r < endRow; r++)
            {
                Span<float> to = gram.Row(r, columns);
                for (int c = Math.Max(firstColumn, r + 1); c < endColumn; c++)
                    to[c] = gram[c * columns + r];
            }
        }
    }
}

using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// The product of doubles in blocks that stay in the caches, as <see cref="BlockedProduct{TKernel}"/> makes that of floats.
/// Each element of C is one chain of fused sums over K, cut at the same places whatever the blocks of rows and columns
/// are: the result does not depend on how C is divided.
/// </summary>
internal static unsafe class DoubleBlocks<TKernel>
    where TKernel : struct, IDoubleKernel
{
    /// <summary>The longest part of K in one go.</summary>
    private const int MaxDepth = 384;

    /// <summary>Elements of a packed block of A (half of a 1 MB second cache), and of B (a share of the third).</summary>
    private const int BlockA = 1 << 16, BlockB = 1 << 19;

    /// <summary>Computes the rows and columns of one part of C.</summary>
    public static void Part(void* state, int part)
    {
        var problem = (DoubleProblem*)state;
        int row = part % problem->RowParts, column = part / problem->RowParts;
        int tiles = (problem->N + TKernel.Columns - 1) / TKernel.Columns;
        int firstColumn = (int)Math.Min((long)tiles * column / problem->ColumnParts * TKernel.Columns, problem->N);
        int endColumn = (int)Math.Min((long)tiles * (column + 1) / problem->ColumnParts * TKernel.Columns, problem->N);
        Rectangle(problem, Row(problem, row), Row(problem, row + 1), firstColumn, endColumn);
    }

    /// <summary>Where a part of the rows begins; below the diagonal, rows grow, and parts of the same area have ever fewer of them.</summary>
    private static int Row(DoubleProblem* problem, int index)
        => problem->Lower && index < problem->RowParts
            ? (int)(problem->M * Math.Sqrt((double)index / problem->RowParts))
            : (int)((long)problem->M * index / problem->RowParts);

    private static void Rectangle(DoubleProblem* problem, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        if (problem->Lower)
            endColumn = Math.Min(endColumn, endRow);
        int rows = endRow - firstRow;
        if (rows <= 0 || firstColumn >= endColumn)
            return;
        int depth = Depth(problem->K);
        int slivers = (endColumn - firstColumn + TKernel.Columns - 1) / TKernel.Columns;
        int columnBlock = Math.Min(Math.Max(BlockB / depth / TKernel.Columns, 1), slivers) * TKernel.Columns;
        int rowBlock = Math.Min(Math.Max(BlockA / depth / TKernel.MaxRows, 1) * TKernel.MaxRows, rows);
        // The buffers are of floats: two for a double.
        double* packedA = (double*)PackBuffer.Left.Take(2 * (nint)rowBlock * depth);
        double* packedB = (double*)PackBuffer.Right.Take(2 * (nint)columnBlock * depth);
        // A single block of A serves all blocks of B.
        bool keepA = rows == rowBlock && problem->K <= depth;
        for (int column = firstColumn; column < endColumn; column += columnBlock)
        {
            int columns = Math.Min(columnBlock, endColumn - column);
            for (int first = 0; first < problem->K; first += depth)
            {
                int here = Math.Min(depth, problem->K - first);
                PackB(problem, first, here, column, columns, packedB);
                for (int row = firstRow; row < endRow; row += rowBlock)
                {
                    int count = Math.Min(rowBlock, endRow - row);
                    if (problem->Lower && row + count <= column)
                        continue;
                    if (!keepA || column == firstColumn)
                        PackA(problem, first, here, row, count, packedA);
                    Block(problem, first, here, row, count, column, columns, packedA, packedB);
                }
            }
        }
    }

    /// <summary>K cut into equal parts. Of K alone, so that the order of a sum is, too.</summary>
    private static int Depth(int k)
    {
        const int Whole = 8;
        int parts = (k + MaxDepth - 1) / MaxDepth;
        return ((k + parts - 1) / parts + Whole - 1) / Whole * Whole;
    }

    private static void PackB(DoubleProblem* problem, int first, int depth, int column, int columns, double* packed)
    {
        for (int done = 0; done < columns; done += TKernel.Columns, packed += (nint)TKernel.Columns * depth)
        {
            int width = Math.Min(TKernel.Columns, columns - done);
            if (problem->TransposeB)
                DoublePacking.Transposed(problem->B + (column + done) * problem->Ldb + first, problem->Ldb, depth, width, packed, TKernel.Columns);
            else
                DoublePacking.Straight(problem->B + first * problem->Ldb + column + done, problem->Ldb, depth, width, packed, TKernel.Columns);
        }
    }

    private static void PackA(DoubleProblem* problem, int first, int depth, int row, int rows, double* packed)
    {
        var panels = new Panels(rows);
        for (int panel = 0; panel < panels.Count; panel++)
        {
            int height = panels.Height(panel);
            if (problem->TransposeA)
                DoublePacking.Straight(problem->A + first * problem->Lda + row, problem->Lda, depth, height, packed, height);
            else
                DoublePacking.Transposed(problem->A + row * problem->Lda + first, problem->Lda, depth, height, packed, height);
            row += height;
            packed += (nint)height * depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(
        DoubleProblem* problem, int first, int depth, int row, int rows, int column, int columns, double* packedA, double* packedB)
    {
        double beta = first == 0 ? problem->Beta : 1;
        var panels = new Panels(rows);
        for (int done = 0; done < columns; done += TKernel.Columns)
        {
            int width = Math.Min(TKernel.Columns, columns - done);
            double* sliver = packedB + (nint)done * depth, panelA = packedA;
            double* tile = problem->C + row * problem->Ldc + column + done;
            // How far the tile's first row lies below the diagonal of its first column.
            int below = problem->Lower ? row - column - done : int.MaxValue - rows;
            for (int panel = 0; panel < panels.Count; panel++)
            {
                int height = panels.Height(panel);
                if (below > -height)
                {
                    MemoryAhead.Tile((float*)tile, 2 * problem->Ldc, height, 2 * width);
                    if (width == TKernel.Columns && below >= width - 1)
                        DoubleTile.Run<TKernel>(height, depth, panelA, sliver, tile, problem->Ldc, problem->Alpha, beta);
                    else
                        Edge(height, width, below, depth, panelA, sliver, tile, problem->Ldc, problem->Alpha, beta);
                }
                below += height;
                panelA += (nint)height * depth;
                tile += height * problem->Ldc;
            }
        }
    }

    /// <summary>
    /// A tile narrower than the kernel's, or across the diagonal, by way of a whole one: the same sums, and nothing else
    /// of C is touched.
    /// </summary>
    /// <param name="below">Row i of the tile has the columns up to <paramref name="below"/> + i.</param>
    private static void Edge(
        int rows, int columns, int below, nint depth, double* a, double* b, double* c, nint ldc, double alpha, double beta)
    {
        double* whole = stackalloc double[TKernel.MaxRows * TKernel.Columns];
        int Width(int row) => (int)Math.Clamp((long)below + row + 1, 0, columns);
        if (beta != 0)
        {
            for (int i = 0; i < rows; i++)
                new Span<double>(c + i * ldc, Width(i)).CopyTo(new Span<double>(whole + i * TKernel.Columns, columns));
        }
        DoubleTile.Run<TKernel>(rows, depth, a, b, whole, TKernel.Columns, alpha, beta);
        for (int i = 0; i < rows; i++)
            new Span<double>(whole + i * TKernel.Columns, Width(i)).CopyTo(new Span<double>(c + i * ldc, columns));
    }

    /// <summary>Rows divided into as few panels as there can be, all of nearly the same height: none is mostly empty.</summary>
    private readonly struct Panels(int rows)
    {
        public int Count { get; } = (rows + TKernel.MaxRows - 1) / TKernel.MaxRows;

        public int Height(int panel) => rows / Count + (panel < rows % Count ? 1 : 0);
    }
}

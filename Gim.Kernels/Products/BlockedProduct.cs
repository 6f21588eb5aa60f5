using System.Runtime.CompilerServices;

namespace Gim.Kernels.Products;

/// <summary>
/// The product in blocks that stay in the caches (Goto and van de Geijn 2008): a block of B [KC, NC] is packed into
/// slivers a tile wide, blocks of A [MC, KC] into panels a tile high, and every pair of them is one tile of C.
/// Each element of C is one chain of fused sums over K, cut at the same places whatever the blocks of rows and columns
/// are: the result does not depend on how C is divided.
/// </summary>
internal static unsafe class BlockedProduct<TKernel>
    where TKernel : struct, IMicroKernel
{
    /// <summary>The longest part of K in one go: a longer one would push A's panel and B's sliver out of the second cache.</summary>
    private const int MaxDepth = 768;

    /// <summary>Elements of a packed block of A (half of a 1 MB second cache), and of B (a share of the third; a quarter of the second where C has few rows).</summary>
    private const int BlockA = 1 << 17, BlockB = 1 << 20, SmallBlockB = 1 << 16;

    /// <summary>Up to so many rows of C, B's rows are read where they are: packing costs as much as it saves.</summary>
    private const int DirectRows = 96;

    /// <summary>But not where B has more elements: down its rows, each step would wait for memory, which packing reads in order.</summary>
    private const int DirectElements = 1 << 20;

    /// <summary>Up to so many slivers, A is packed a few panels at a time: they are used at once and only once.</summary>
    private const int FewSlivers = 4;

    /// <summary>Computes the rows and columns of one part of C.</summary>
    public static void Part(void* state, int part)
    {
        var problem = (ProductProblem*)state;
        int row = part % problem->RowParts, column = part / problem->RowParts;
        int tiles = (problem->N + TKernel.Columns - 1) / TKernel.Columns;
        int Row(int index) => (int)((long)problem->M * index / problem->RowParts);
        int Column(int index) => (int)Math.Min((long)tiles * index / problem->ColumnParts * TKernel.Columns, problem->N);
        Rectangle(problem, Row(row), Row(row + 1), Column(column), Column(column + 1));
    }

    private static void Rectangle(ProductProblem* problem, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        int rows = endRow - firstRow;
        if (rows == 0 || firstColumn == endColumn)
            return;
        int depth = Depth(problem->K);
        int slivers = (endColumn - firstColumn + TKernel.Columns - 1) / TKernel.Columns;
        // With few rows a block of B is used up quickly: it had better stay in the second cache, beside the next one's elements.
        bool fewRows = rows <= 2 * DirectRows;
        int elementsB = fewRows ? SmallBlockB : BlockB;
        int columnBlock = Math.Min(Math.Max(elementsB / depth / TKernel.Columns, 1), slivers) * TKernel.Columns;
        int panels = slivers <= FewSlivers ? 2 : Math.Max(BlockA / depth / TKernel.MaxRows, 1);
        int rowBlock = Math.Min(panels * TKernel.MaxRows, rows);
        bool direct = !problem->TransposeB && rows <= DirectRows && problem->K * problem->Ldb <= DirectElements;
        float* packedA = PackBuffer.Left.Take((nint)rowBlock * depth + PackSlack);
        float* packedB = PackBuffer.Right.Take((direct ? TKernel.Columns : (nint)columnBlock) * depth + PackSlack);
        // A single block of A serves all blocks of B.
        bool keepA = rows == rowBlock && problem->K <= depth;
        for (int column = firstColumn; column < endColumn; column += columnBlock)
        {
            int columns = Math.Min(columnBlock, endColumn - column);
            for (int first = 0; first < problem->K; first += depth)
            {
                int here = Math.Min(depth, problem->K - first);
                if (!direct)
                    PackB(problem, first, here, column, columns, packedB);
                for (int row = firstRow; row < endRow; row += rowBlock)
                {
                    int count = Math.Min(rowBlock, endRow - row);
                    if (!keepA || column == firstColumn)
                        PackA(problem, first, here, row, count, packedA);
                    var ahead = direct || !fewRows ? default : NextB(problem, first, here, column + columns, Math.Min(columnBlock, endColumn - column - columns), columns, count);
                    Block(problem, first, here, row, count, column, columns, packedA, direct ? null : packedB, packedB, ref ahead);
                }
            }
        }
    }

    /// <summary>The block of B that will be packed next, for as many steps as this one has tiles.</summary>
    private static MemoryAhead NextB(ProductProblem* problem, int first, int depth, int column, int columns, int columnsNow, int rows)
    {
        if (columns <= 0)
            return default;
        int steps = (columnsNow + TKernel.Columns - 1) / TKernel.Columns * new Panels(rows).Count;
        return problem->TransposeB
            ? new MemoryAhead(problem->B + column * problem->Ldb + first, columns, depth, problem->Ldb, steps)
            : new MemoryAhead(problem->B + first * problem->Ldb + column, depth, columns, problem->Ldb, steps);
    }

    /// <summary>What vectors may write beyond a packed block.</summary>
    private const int PackSlack = 32;

    /// <summary>K cut into equal parts. Of K alone, so that the order of a sum is, too.</summary>
    private static int Depth(int k)
    {
        const int Whole = 16;
        int parts = (k + MaxDepth - 1) / MaxDepth;
        return ((k + parts - 1) / parts + Whole - 1) / Whole * Whole;
    }

    private static void PackB(ProductProblem* problem, int first, int depth, int column, int columns, float* packed)
    {
        for (int done = 0; done < columns; done += TKernel.Columns, packed += (nint)TKernel.Columns * depth)
            PackSliver(problem, first, depth, column + done, Math.Min(TKernel.Columns, columns - done), packed);
    }

    private static void PackSliver(ProductProblem* problem, int first, int depth, int column, int columns, float* packed)
    {
        if (problem->TransposeB)
            Packing.Transposed(problem->B + column * problem->Ldb + first, problem->Ldb, depth, columns, packed, TKernel.Columns);
        else
            Packing.Straight(problem->B + first * problem->Ldb + column, problem->Ldb, depth, columns, packed, TKernel.Columns);
    }

    private static void PackA(ProductProblem* problem, int first, int depth, int row, int rows, float* packed)
    {
        var panels = new Panels(rows);
        for (int panel = 0, done = 0; panel < panels.Count; panel++)
        {
            int height = panels.Height(panel);
            if (problem->TransposeA)
                Packing.Straight(problem->A + first * problem->Lda + row + done, problem->Lda, depth, height, packed, height);
            else
                Packing.Transposed(problem->A + (row + done) * problem->Lda + first, problem->Lda, depth, height, packed, height);
            done += height;
            packed += (nint)height * depth;
        }
    }

    /// <param name="packedB">The packed slivers; null to read B's rows where they are, the last ones by way of <paramref name="spare"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(
        ProductProblem* problem, int first, int depth, int row, int rows, int column, int columns, float* packedA, float* packedB, float* spare,
        ref MemoryAhead ahead)
    {
        float beta = first == 0 ? problem->Beta : 1;
        bool last = first + depth >= problem->K;
        bool epilogue = last && (problem->Bias != null || problem->Gelu);
        var panels = new Panels(rows);
        for (int done = 0; done < columns; done += TKernel.Columns)
        {
            int width = Math.Min(TKernel.Columns, columns - done);
            float* sliver = packedB + (nint)done * depth;
            nint stride = TKernel.Columns;
            if (packedB == null)
            {
                if (width == TKernel.Columns)
                {
                    sliver = problem->B + first * problem->Ldb + column + done;
                    stride = problem->Ldb;
                }
                else
                    PackSliver(problem, first, depth, column + done, width, sliver = spare);
            }
            float* panelA = packedA;
            float* tile = problem->C + row * problem->Ldc + column + done;
            float* bias = problem->Bias == null ? null : problem->Bias + column + done;
            for (int panel = 0; panel < panels.Count; panel++)
            {
                int height = panels.Height(panel);
                ahead.Step();
                MemoryAhead.Tile(tile, problem->Ldc, height, width);
                if (width == TKernel.Columns)
                    TileRows.Run<TKernel>(height, depth, panelA, sliver, stride, tile, problem->Ldc, problem->Alpha, beta);
                else
                    Edge(height, width, depth, panelA, sliver, stride, tile, problem->Ldc, problem->Alpha, beta);
                if (epilogue)
                    ProductEpilogue.Apply(tile, problem->Ldc, height, width, bias, problem->Gelu);
                panelA += (nint)height * depth;
                tile += height * problem->Ldc;
            }
        }
    }

    /// <summary>A tile narrower than the kernel's, by way of a whole one: the same sums, and nothing beyond C's columns is touched.</summary>
    private static void Edge(
        int rows, int columns, nint depth, float* a, float* b, nint strideB, float* c, nint ldc, float alpha, float beta)
    {
        float* whole = stackalloc float[TKernel.MaxRows * TKernel.Columns];
        if (beta != 0)
            Copy(c, ldc, whole, TKernel.Columns, rows, columns);
        TileRows.Run<TKernel>(rows, depth, a, b, strideB, whole, TKernel.Columns, alpha, beta);
        Copy(whole, TKernel.Columns, c, ldc, rows, columns);
    }

    private static void Copy(float* from, nint strideFrom, float* to, nint strideTo, int rows, int columns)
    {
        for (; rows > 0; rows--, from += strideFrom, to += strideTo)
            new Span<float>(from, columns).CopyTo(new Span<float>(to, columns));
    }

    /// <summary>Rows divided into as few panels as there can be, all of nearly the same height: none is mostly empty.</summary>
    private readonly struct Panels(int rows)
    {
        public int Count { get; } = (rows + TKernel.MaxRows - 1) / TKernel.MaxRows;

        public int Height(int panel) => rows / Count + (panel < rows % Count ? 1 : 0);
    }
}

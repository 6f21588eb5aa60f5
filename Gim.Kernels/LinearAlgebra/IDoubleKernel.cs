using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>The innermost loop of a product of doubles: one tile of C, the sums of which are kept in registers.</summary>
internal unsafe interface IDoubleKernel
{
    /// <summary>The highest tile.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Every tile's width.</summary>
    static abstract int Columns { get; }

    /// <summary>C = alpha A B + beta C on a tile, not reading C where beta is 0. Each sum runs over depth in ascending order.</summary>
    /// <param name="a">[depth, rows] without gaps.</param>
    /// <param name="b">[depth, Columns] without gaps.</param>
    /// <param name="c">[rows, Columns] with <paramref name="ldc"/> elements from row to row.</param>
    static abstract void Run<TRows>(nint depth, double* a, double* b, double* c, nint ldc, double alpha, double beta)
        where TRows : struct, ITileRows;
}

/// <summary>Calls a kernel's code for a number of rows.</summary>
internal static unsafe class DoubleTile
{
    public static void Run<TKernel>(int rows, nint depth, double* a, double* b, double* c, nint ldc, double alpha, double beta)
        where TKernel : struct, IDoubleKernel
    {
        switch (rows)
        {
            case 1: TKernel.Run<TileRows.Rows1>(depth, a, b, c, ldc, alpha, beta); break;
            case 2: TKernel.Run<TileRows.Rows2>(depth, a, b, c, ldc, alpha, beta); break;
            case 3: TKernel.Run<TileRows.Rows3>(depth, a, b, c, ldc, alpha, beta); break;
            case 4: TKernel.Run<TileRows.Rows4>(depth, a, b, c, ldc, alpha, beta); break;
            case 5: TKernel.Run<TileRows.Rows5>(depth, a, b, c, ldc, alpha, beta); break;
            case 6: TKernel.Run<TileRows.Rows6>(depth, a, b, c, ldc, alpha, beta); break;
            case 7: TKernel.Run<TileRows.Rows7>(depth, a, b, c, ldc, alpha, beta); break;
            case 8: TKernel.Run<TileRows.Rows8>(depth, a, b, c, ldc, alpha, beta); break;
            case 9: TKernel.Run<TileRows.Rows9>(depth, a, b, c, ldc, alpha, beta); break;
            case 10: TKernel.Run<TileRows.Rows10>(depth, a, b, c, ldc, alpha, beta); break;
            case 11: TKernel.Run<TileRows.Rows11>(depth, a, b, c, ldc, alpha, beta); break;
            case 12: TKernel.Run<TileRows.Rows12>(depth, a, b, c, ldc, alpha, beta); break;
            case 13: TKernel.Run<TileRows.Rows13>(depth, a, b, c, ldc, alpha, beta); break;
            case 14: TKernel.Run<TileRows.Rows14>(depth, a, b, c, ldc, alpha, beta); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "no tile is so high");
        }
    }
}

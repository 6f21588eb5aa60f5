namespace Gim.Kernels.Products;

/// <summary>How many rows a tile has: a type, so that each number gets code of its own without tests in its loop.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

/// <summary>The innermost loop of a product: one tile of C, the sums of which are kept in registers.</summary>
internal unsafe interface IMicroKernel
{
    /// <summary>The highest tile.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Every tile's width.</summary>
    static abstract int Columns { get; }

    /// <summary>C = alpha A B + beta C on a tile, not reading C where beta is 0. Each sum runs over depth in ascending order.</summary>
    /// <param name="a">[depth, rows] without gaps.</param>
    /// <param name="b">[depth, Columns] with <paramref name="strideB"/> elements from row to row.</param>
    /// <param name="c">[rows, Columns] with <paramref name="ldc"/> elements from row to row.</param>
    static abstract void Run<TRows>(nint depth, float* a, float* b, nint strideB, float* c, nint ldc, float alpha, float beta)
        where TRows : struct, ITileRows;
}

/// <summary>Calls a kernel's code for a number of rows.</summary>
internal static unsafe class TileRows
{
    public static void Run<TKernel>(int rows, nint depth, float* a, float* b, nint strideB, float* c, nint ldc, float alpha, float beta)
        where TKernel : struct, IMicroKernel
    {
        switch (rows)
        {
            case 1: TKernel.Run<Rows1>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 2: TKernel.Run<Rows2>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 3: TKernel.Run<Rows3>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 4: TKernel.Run<Rows4>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 5: TKernel.Run<Rows5>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 6: TKernel.Run<Rows6>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 7: TKernel.Run<Rows7>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 8: TKernel.Run<Rows8>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 9: TKernel.Run<Rows9>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 10: TKernel.Run<Rows10>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 11: TKernel.Run<Rows11>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 12: TKernel.Run<Rows12>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 13: TKernel.Run<Rows13>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            case 14: TKernel.Run<Rows14>(depth, a, b, strideB, c, ldc, alpha, beta); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "no tile is so high");
        }
    }

    public readonly struct Rows1 : ITileRows
    {
        public static int Count => 1;
    }

    public readonly struct Rows2 : ITileRows
    {
        public static int Count => 2;
    }

    public readonly struct Rows3 : ITileRows
    {
        public static int Count => 3;
    }

    public readonly struct Rows4 : ITileRows
    {
        public static int Count => 4;
    }

    public readonly struct Rows5 : ITileRows
    {
        public static int Count => 5;
    }

    public readonly struct Rows6 : ITileRows
    {
        public static int Count => 6;
    }

    public readonly struct Rows7 : ITileRows
    {
        public static int Count => 7;
    }

    public readonly struct Rows8 : ITileRows
    {
        public static int Count => 8;
    }

    public readonly struct Rows9 : ITileRows
    {
        public static int Count => 9;
    }

    public readonly struct Rows10 : ITileRows
    {
        public static int Count => 10;
    }

    public readonly struct Rows11 : ITileRows
    {
        public static int Count => 11;
    }

    public readonly struct Rows12 : ITileRows
    {
        public static int Count => 12;
    }

    public readonly struct Rows13 : ITileRows
    {
        public static int Count => 13;
    }

    public readonly struct Rows14 : ITileRows
    {
        public static int Count => 14;
    }
}

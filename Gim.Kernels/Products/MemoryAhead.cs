using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gim.Kernels.Products;

/// <summary>
/// Asks for a matrix's cache lines a few at a time while something else is computed, so that packing it later does not
/// wait for memory. Nothing where the processor has no such instruction.
/// </summary>
internal unsafe struct MemoryAhead
{
    private const int Line = 64;

    private byte* row;
    private readonly nint stride, width;
    private nint at;
    private int rowsLeft;
    private readonly int linesEach;

    /// <param name="start">[rows, columns] with <paramref name="stride"/> elements from row to row.</param>
    /// <param name="steps">How many calls of <see cref="Step"/> there will be.</param>
    public MemoryAhead(float* start, int rows, int columns, nint stride, int steps)
    {
        row = (byte*)start;
        rowsLeft = Sse.IsSupported ? rows : 0;
        width = (nint)columns * sizeof(float);
        this.stride = stride * sizeof(float);
        linesEach = (int)(((width + Line - 1) / Line * rows + steps - 1) / steps);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step()
    {
        for (int lines = linesEach; lines > 0 && rowsLeft > 0; lines--)
        {
            Sse.Prefetch1(row + at);
            at += Line;
            if (at >= width)
            {
                at = 0;
                row += stride;
                rowsLeft--;
            }
        }
    }

    /// <summary>Asks for a tile of C, which is written, and perhaps read, when its sums are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile(float* c, nint ldc, int rows, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (; rows > 0; rows--, c += ldc)
        {
            for (int j = 0; j < columns; j += Line / sizeof(float))
                Sse.Prefetch0(c + j);
            Sse.Prefetch0(c + columns - 1);
        }
    }
}

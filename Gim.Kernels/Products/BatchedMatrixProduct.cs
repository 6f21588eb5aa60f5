using System.Runtime.CompilerServices;

namespace Gim.Kernels.Products;

/// <summary>
/// Many independent products of one shape, as the heads of attention are: threads share the products out, each product
/// being made by one thread. <see cref="BatchedMatrixProductReference"/> is the definition.
/// </summary>
public static unsafe class BatchedMatrixProduct
{
    /// <summary>Multiply-adds below which the whole batch stays on the caller's thread.</summary>
    private const double OneThread = 1 << 21;

    /// <summary>Parts per thread, so that a thread that was held up leaves work to the others.</summary>
    private const int PartsPerThread = 4;

    /// <summary>C_i = alpha op(A_i) op(B_i) + beta C_i for every i below <paramref name="batch"/>, as <see cref="MatrixProduct.Multiply"/>.</summary>
    /// <param name="batch">How many products there are.</param>
    /// <param name="strideA">Elements from A_i to A_(i+1); 0 where all products share one A. Likewise for B.</param>
    /// <param name="strideC">Elements from C_i to C_(i+1), at least what one C takes.</param>
    /// <exception cref="ArgumentException">A size is negative, a span too short for its shape and strides, or memory is shared.</exception>
    public static void Multiply(
        int batch, int m, int n, int k, float alpha, ReadOnlySpan<float> a, int lda, bool transposeA, long strideA,
        ReadOnlySpan<float> b, int ldb, bool transposeB, long strideB, float beta, Span<float> c, int ldc, long strideC, int threads = 1)
    {
        MatrixProductArguments.CheckBatch(batch, m, n, k, a, lda, transposeA, strideA, b, ldb, transposeB, strideB, c, ldc, strideC, threads);
        if (batch == 0 || m == 0 || n == 0)
            return;
        fixed (float* pinnedA = a, pinnedB = b, pinnedC = c)
        {
            var products = new Products
            {
                One = new ProductProblem
                {
                    M = m, N = n, K = k, Alpha = alpha, Beta = beta, A = pinnedA, B = pinnedB, C = pinnedC, Lda = lda, Ldb = ldb, Ldc = ldc,
                    TransposeA = transposeA, TransposeB = transposeB, RowParts = 1, ColumnParts = 1,
                },
                Count = batch,
                StrideA = (nint)strideA, StrideB = (nint)strideB, StrideC = (nint)strideC,
            };
            if ((double)batch * m * n * k < OneThread)
                threads = 1;
            products.Parts = (int)Math.Min(batch, (long)threads * PartsPerThread);
            WorkTeam.Run(&Part, &products, products.Parts, threads);
        }
    }

    private struct Products
    {
        public ProductProblem One;
        public int Count, Parts;
        public nint StrideA, StrideB, StrideC;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(void* state, int part)
    {
        var products = (Products*)state;
        int first = (int)((long)products->Count * part / products->Parts), end = (int)((long)products->Count * (part + 1) / products->Parts);
        for (nint i = first; i < end; i++)
        {
            ProductProblem problem = products->One;
            problem.A += i * products->StrideA;
            problem.B += i * products->StrideB;
            problem.C += i * products->StrideC;
            MatrixProduct.Run(&problem, threads: 1);
        }
    }
}

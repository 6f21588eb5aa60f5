using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Eigenvalues and vectors of a tridiagonal matrix: cut in halves down to leaves, which are solved on their own, and joined
/// again. Where there are many parts, threads take one each; of few, one is worked on by all.
/// </summary>
internal static unsafe class DivideAndConquer
{
    private const int Leaf = 32;

    /// <param name="diagonal">[n], replaced by the eigenvalues in any order.</param>
    /// <param name="beside">[n - 1]; overwritten.</param>
    /// <param name="z">[n, n], in whose rows the vectors come to be.</param>
    /// <param name="old">[n, n], scratch memory as <paramref name="vectors"/> is.</param>
    public static void Decompose(int n, double* diagonal, double* beside, double* z, double* old, double* vectors, int threads, EigenProgress progress)
    {
        int levels = 0;
        while ((n - 1) >> levels >= Leaf)
            levels++;
        double[] scratch = GC.AllocateUninitializedArray<double>(EigenMerge.Doubles * n, pinned: true);
        int[] numbers = GC.AllocateUninitializedArray<int>(EigenMerge.Integers * n, pinned: true);
        fixed (double* pinnedScratch = scratch)
        fixed (int* pinnedNumbers = numbers)
        {
            var tree = new Tree
            {
                N = n, Level = levels, Threads = threads, Diagonal = diagonal, Beside = beside, Z = z, Old = old, Vectors = vectors, Scratch = pinnedScratch, Numbers = pinnedNumbers,
            };
            new Span<double>(z, n * n).Clear();
            for (int part = 1; part < 1 << levels; part++)
            {
                int cut = tree.Begin(part);
                diagonal[cut - 1] -= Math.Abs(beside[cut - 1]);
                diagonal[cut] -= Math.Abs(beside[cut - 1]);
            }
            WorkTeam.Run(&SolveLeaf, &tree, 1 << levels, threads);
            while (tree.Level-- > 0)
            {
                int joints = 1 << tree.Level;
                double done = 1 - 1 / Math.Pow(4, levels - tree.Level - 1);
                progress.Report(EigenProgress.Reduced + (EigenProgress.Conquered - EigenProgress.Reduced) * done);
                if (joints >= 2 * threads)
                {
                    tree.Threads = 1;
                    WorkTeam.Run(&Join, &tree, joints, threads);
                }
                else
                {
                    tree.Threads = threads;
                    for (int joint = 0; joint < joints; joint++)
                        Join(&tree, joint);
                }
            }
        }
    }

    private struct Tree
    {
        public int N, Level, Threads;
        public double* Diagonal, Beside, Z, Old, Vectors, Scratch;
        public int* Numbers;

        /// <summary>The first row of a part on this level.</summary>
        public readonly int Begin(int part) => (int)(((long)N * part) >> Level);
    }

    private static void SolveLeaf(void* state, int part)
    {
        var tree = (Tree*)state;
        int begin = tree->Begin(part), size = tree->Begin(part + 1) - begin;
        double* beside = stackalloc double[Leaf];
        new Span<double>(beside, size).Clear();
        new Span<double>(tree->Beside + begin, size - 1).CopyTo(new Span<double>(beside, size));
        TridiagonalQl.Decompose(size, tree->Diagonal + begin, beside, tree->Z + begin * (nint)tree->N + begin, tree->N);
    }

    private static void Join(void* state, int joint)
    {
        var tree = (Tree*)state;
        int begin = tree->Begin(joint), end = tree->Begin(joint + 1);
        // The next level's parts begin where this one's halves did.
        int middle = (int)(((long)tree->N * (2 * joint + 1)) >> (tree->Level + 1));
        nint square = begin * (nint)tree->N;
        var merge = new EigenMerge
        {
            FirstSize = middle - begin, SecondSize = end - middle, Joint = tree->Beside[middle - 1], Values = tree->Diagonal + begin,
            Z = tree->Z + square + begin, Ldz = tree->N, Old = tree->Old + square, Vectors = tree->Vectors + square,
            Scratch = tree->Scratch + EigenMerge.Doubles * (nint)begin, Numbers = tree->Numbers + EigenMerge.Integers * (nint)begin,
        };
        merge.Run(tree->Threads);
    }
}

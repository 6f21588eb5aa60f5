using System.Runtime.InteropServices;

namespace Gim.Bench.Baselines;

/// <summary>A native library's C = op(A) op(B) for matrices stored row by row, where the system has the library.</summary>
internal abstract unsafe partial class NativeBlas
{
    private NativeBlas(string name) => Name = name;

    public string Name { get; }

    /// <summary>Those that were found, and a line for each that was not.</summary>
    public static (IReadOnlyList<NativeBlas> Found, IReadOnlyList<string> Missing) Find()
    {
        List<NativeBlas> found = [];
        List<string> missing = [];
        if (NativeLibrary.TryLoad(OpenBlas.Library, out _))
            found.Add(new OpenBlas());
        else
            missing.Add($"OpenBLAS was not there ({OpenBlas.Library}; Debian: libopenblas0-pthread).");
        // oneDNN takes its number of threads from OpenMP's runtime.
        if (NativeLibrary.TryLoad(OneDnn.Library, out _) && NativeLibrary.TryLoad(OneDnn.OpenMp, out _))
            found.Add(new OneDnn());
        else
            missing.Add($"oneDNN was not there ({OneDnn.Library} with {OneDnn.OpenMp}; Debian: libdnnl2).");
        return (found, missing);
    }

    public abstract void Multiply(int m, int n, int k, float* a, float* b, bool transposeB, float* c, int threads);

    private sealed partial class OpenBlas : NativeBlas
    {
        public const string Library = "libopenblas.so.0";

        private const int RowMajor = 101, AsIs = 111, Transposed = 112;

        public OpenBlas()
            : base($"OpenBLAS {Version()}")
        {
        }

        public override void Multiply(int m, int n, int k, float* a, float* b, bool transposeB, float* c, int threads)
        {
            openblas_set_num_threads(threads);
            cblas_sgemm(RowMajor, AsIs, transposeB ? Transposed : AsIs, m, n, k, 1, a, k, b, transposeB ? k : n, 0, c, n);
        }

        private static string Version()
        {
            string[] words = (Marshal.PtrToStringAnsi(openblas_get_config()) ?? "").Split(' ');
            return words.Length > 1 ? words[1] : "";
        }

        [LibraryImport(Library)]
        private static partial nint openblas_get_config();

        [LibraryImport(Library)]
        private static partial void openblas_set_num_threads(int threads);

        [LibraryImport(Library)]
        private static partial void cblas_sgemm(
            int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);
    }

    private sealed partial class OneDnn : NativeBlas
    {
        public const string Library = "libdnnl.so.2", OpenMp = "libgomp.so.1";

        public OneDnn()
            : base($"oneDNN {Marshal.PtrToStructure<DnnlVersion>(dnnl_version())}")
        {
        }

        public override void Multiply(int m, int n, int k, float* a, float* b, bool transposeB, float* c, int threads)
        {
            omp_set_num_threads(threads);
            _ = dnnl_sgemm((byte)'N', (byte)(transposeB ? 'T' : 'N'), m, n, k, 1, a, k, b, transposeB ? k : n, 0, c, n);
        }

        [StructLayout(LayoutKind.Sequential)]
        private readonly struct DnnlVersion
        {
            private readonly int major, minor, patch;

            public override string ToString() => $"{major}.{minor}.{patch}";
        }

        [LibraryImport(Library)]
        private static partial nint dnnl_version();

        [LibraryImport(Library)]
        private static partial int dnnl_sgemm(
            byte transposeA, byte transposeB, long m, long n, long k, float alpha, float* a, long lda, float* b, long ldb, float beta, float* c, long ldc);

        [LibraryImport(OpenMp)]
        private static partial void omp_set_num_threads(int threads);
    }
}

namespace Gim.Kernels.LinearAlgebra;

/// <summary>How far a decomposition is, and whether it is to go on.</summary>
internal readonly struct EigenProgress(IProgress<double>? progress, CancellationToken cancellation)
{
    /// <summary>Parts of the time after which the matrix is tridiagonal, and that matrix's vectors are known.</summary>
    public const double Reduced = 0.5, Conquered = 0.7;

    public void Report(double done)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(done);
    }
}

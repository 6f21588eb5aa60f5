namespace Gim.Kernels.Simd;

/// <summary>
/// Work on numbered items (values, rows, heads) that threads share: a structure of pointers and sizes, so that handing it
/// out allocates nothing. An item's results must not depend on which other items the same call has.
/// </summary>
internal interface IDivisibleWork
{
    /// <summary>Does items from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    void Run(int start, int end);
}

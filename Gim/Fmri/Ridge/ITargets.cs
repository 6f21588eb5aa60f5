namespace Gim.Fmri.Ridge;

/// <summary>
/// The columns that are to be predicted, in blocks: the responses of a hundred thousand voxels need not be in memory
/// together.
/// </summary>
internal interface ITargets
{
    int Rows { get; }

    int Count { get; }

    /// <summary>Fills <paramref name="block"/> [Rows, some] with the columns from <paramref name="first"/> on.</summary>
    void Read(int first, Matrix block);
}

/// <summary>Targets that are in memory.</summary>
internal sealed class MatrixTargets(Matrix values) : ITargets
{
    public int Rows => values.Rows;

    public int Count => values.Columns;

    public void Read(int first, Matrix block)
    {
        for (int row = 0; row < block.Rows; row++)
            values.Row(row).Slice(first, block.Columns).CopyTo(block.Row(row));
    }
}

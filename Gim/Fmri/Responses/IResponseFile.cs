namespace Gim.Fmri.Responses;

/// <summary>The responses to one story: a row for each TR, a column for each target (voxel or component).</summary>
internal interface IResponseFile : IDisposable
{
    int Rows { get; }

    int Columns { get; }

    /// <summary>Reads a range of columns, all rows. A 64-bit value is rounded; beyond the range of a float it becomes infinite.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="destination">[Rows, count]</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    void Read(int first, int count, Span<float> destination);

    /// <summary>The single presentations of a story that was heard several times; null where only their average is there.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    IResponseTrials? FindTrials() => null;
}

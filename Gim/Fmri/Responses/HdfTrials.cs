namespace Gim.Fmri.Responses;

/// <summary>Responses to each single presentation of a story: [trials, TRs, targets].</summary>
internal sealed class HdfTrials(HdfResponseFile file, HdfDataset dataset)
{
    /// <summary>The dataset they were found under.</summary>
    public string Name => dataset.Name;

    public int Count { get; } = (int)dataset.Shape[0];

    /// <summary>Reads a range of one trial's columns.</summary>
    /// <param name="trial">From 0.</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="destination">[TRs, count]</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    public void Read(int trial, int first, int count, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(trial, Count);
        ResponseFiles.CheckRange(file, first, count, destination.Length);
        dataset.Read(trial, file.Rows, first, count, destination);
    }
}

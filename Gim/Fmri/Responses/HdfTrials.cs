namespace Gim.Fmri.Responses;

/// <summary>Responses to each single presentation of a story: [trials, TRs, targets].</summary>
internal sealed class HdfTrials(HdfResponseFile file, HdfDataset dataset) : IResponseTrials
{
    /// <summary>The dataset they were found under.</summary>
    public string Name => dataset.Name;

    public int Count { get; } = (int)dataset.Shape[0];

    public void Read(int trial, int first, int count, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(trial, Count);
        ResponseFiles.CheckRange(file, first, count, destination.Length);
        dataset.Read(trial, file.Rows, first, count, destination);
    }
}

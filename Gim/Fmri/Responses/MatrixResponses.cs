namespace Gim.Fmri.Responses;

/// <summary>Responses to one story that are in memory.</summary>
/// <param name="values">[TRs, targets]</param>
/// <param name="trials">[TRs, targets] of each single presentation; null where there is only <paramref name="values"/>.</param>
internal sealed class MatrixResponses(Matrix values, IReadOnlyList<Matrix>? trials = null) : IResponseFile
{
    public int Rows => values.Rows;

    public int Columns => values.Columns;

    public void Read(int first, int count, Span<float> destination) => Copy(values, first, count, destination);

    public IResponseTrials? FindTrials() => trials is null ? null : new Trials(this, trials);

    public void Dispose()
    {
    }

    private void Copy(Matrix from, int first, int count, Span<float> destination)
    {
        ResponseFiles.CheckRange(this, first, count, destination.Length);
        for (int row = 0; row < Rows; row++)
            from.Row(row).Slice(first, count).CopyTo(destination.Slice(row * count, count));
    }

    private sealed class Trials(MatrixResponses file, IReadOnlyList<Matrix> trials) : IResponseTrials
    {
        public int Count => trials.Count;

        public void Read(int trial, int first, int count, Span<float> destination) => file.Copy(trials[trial], first, count, destination);
    }
}

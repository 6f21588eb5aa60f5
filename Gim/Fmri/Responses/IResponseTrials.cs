namespace Gim.Fmri.Responses;

/// <summary>Responses to each single presentation of a story that was heard several times.</summary>
internal interface IResponseTrials
{
    /// <summary>How many presentations there are.</summary>
    int Count { get; }

    /// <summary>Reads a range of one trial's columns.</summary>
    /// <param name="trial">From 0.</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="destination">[TRs, count]</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    void Read(int trial, int first, int count, Span<float> destination);
}

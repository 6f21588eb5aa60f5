namespace Gim.Fmri.Features;

/// <summary>Every word is 1: added up over a TR, the rate of words.</summary>
internal sealed class WordCount : IWordVectors
{
    private static readonly float[] One = [1];

    public int Columns => 1;

    public ReadOnlySpan<float> Of(string word) => One;
}

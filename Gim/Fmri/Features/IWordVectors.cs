namespace Gim.Fmri.Features;

/// <summary>A vector for each word of a vocabulary.</summary>
internal interface IWordVectors
{
    /// <summary>Length of a vector.</summary>
    int Columns { get; }

    /// <summary>The word's vector; empty for a word that is not in the vocabulary, which counts as zeros.</summary>
    ReadOnlySpan<float> Of(string word);
}

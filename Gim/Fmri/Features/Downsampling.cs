namespace Gim.Fmri.Features;

/// <summary>How words, which come at any time, become rows, which come every TR.</summary>
internal enum Downsampling
{
    /// <summary>Added up over the TR that they start in (<see cref="Features.Bins"/>).</summary>
    Bins,

    /// <summary>Filtered, at their middle (<see cref="Features.Lanczos"/>): for transcripts that know when each word was spoken.</summary>
    Lanczos,
}

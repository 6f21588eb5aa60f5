namespace Gim.Fmri.Responses;

/// <summary>What is done with a target that has a value in some story that is NaN or infinite.</summary>
internal enum InvalidTargets
{
    /// <summary>It is an error.</summary>
    Refuse,

    /// <summary>The target is left out of all stories, with a warning.</summary>
    Exclude,
}

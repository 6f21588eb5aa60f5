using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>What a story's TRs are described by, before delays.</summary>
internal interface IStoryFeatures
{
    /// <summary>For people: "word rate".</summary>
    string Name { get; }

    /// <summary>Whether the brain answers to it later, so that regression sees it at several delays.</summary>
    bool IsDelayed { get; }

    /// <summary>[TRs after trimming, columns], each column with mean 0 within the story and in the scale that regression is to see.</summary>
    /// <exception cref="InputException">The story lacks what the features are made of.</exception>
    Matrix Of(Story story);
}

using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Fmri;

/// <summary>Stories and the responses of people who heard them, in one of the layouts that Gim reads.</summary>
internal interface IStoryData
{
    /// <summary>The people, in the order of their names' characters.</summary>
    IReadOnlyList<string> Subjects { get; }

    /// <summary>The stories.</summary>
    StorySplit Split { get; }

    /// <exception cref="InputException">The story is not there, or a file of it is damaged.</exception>
    Story ReadStory(string name);

    /// <summary>The responses of one person; stories for fitting that this person did not hear are left out.</summary>
    /// <exception cref="InputException">There is no such person, or a file has a wrong size.</exception>
    SubjectResponses OpenResponses(string subject, IJobLog log);
}

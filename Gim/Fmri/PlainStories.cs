using Gim.Config;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Fmri;

/// <summary>
/// A plain folder for data of one's own: <c>stories/STORY.csv</c> with the words of each TR (<see cref="PlainStory"/>),
/// <c>responses/SUBJECT/STORY.npy</c> (or .csv, .h5, .hf5, .hdf5), a row for each of these TRs, and <c>split.json</c>.
/// Nothing is trimmed.
/// </summary>
internal sealed class PlainStories : IStoryData
{
    private const string Ending = ".csv";

    private readonly string folder;
    private readonly double seconds;

    private PlainStories(string folder, double seconds, StorySplit split, string[] subjects)
    {
        this.folder = folder;
        this.seconds = seconds;
        Split = split;
        Subjects = subjects;
    }

    public IReadOnlyList<string> Subjects { get; }

    public StorySplit Split { get; }

    private static string StoryFolder(string folder) => Path.Combine(folder, "stories");

    private static string ResponseFolder(string folder) => Path.Combine(folder, "responses");

    /// <param name="folder">The folder.</param>
    /// <param name="seconds">From one TR to the next.</param>
    /// <param name="test">The test stories; null: those of <c>split.json</c>.</param>
    /// <exception cref="InputException">The folder is not laid out so, or a test story is not there.</exception>
    public static PlainStories Open(string folder, double seconds, IReadOnlyList<string>? test = null)
    {
        if (!double.IsFinite(seconds) || seconds <= 0)
            throw new InputException($"a TR of {seconds:R} s; expected a time above 0, such as 2");
        string[] stories = DataFile.Names(StoryFolder(folder), Ending, "a folder with a CSV file for each story");
        if (stories.Length == 0)
            throw new InputException($"{Quote.OneLine(StoryFolder(folder))} has no {Ending} file; expected one for each story, with a column 'text'");
        StorySplit split = test is null ? StorySplit.Read(Path.Combine(folder, "split.json")) : StorySplit.Of(stories, test);
        return new PlainStories(folder, seconds, split, SubjectFolders.In(ResponseFolder(folder)));
    }

    public Story ReadStory(string name) => PlainStory.Read(name, Path.Combine(StoryFolder(folder), name + Ending), seconds);

    public SubjectResponses OpenResponses(string subject, IJobLog log)
    {
        SubjectFolders.Check(subject, Subjects, ResponseFolder(folder));
        return SubjectResponses.Open(
            subject, Path.Combine(ResponseFolder(folder), subject), Split, story => (ReadStory(story).Grid.Kept, $"lines of {story}{Ending}"), log);
    }
}

using Gim.Config;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Fmri;

/// <summary>
/// A folder in the layout of OpenNeuro's ds003020 (LeBel et al. 2023): under <c>derivative</c>, <c>TextGrids</c> with the
/// transcripts, <c>respdict.json</c>, and <c>preprocessed_data/SUBJECT/STORY.hf5</c>; beside it, where they are,
/// <c>split.json</c> and <c>labels/STORY.csv</c>.
/// </summary>
internal sealed class Ds003020 : IStoryData
{
    private const string TextGridEnding = ".TextGrid";

    /// <summary>The test story of the published models.</summary>
    private const string PublishedTest = "wheretheressmoke";

    private readonly string folder;
    private readonly RespDict trs;

    private Ds003020(string folder, RespDict trs, StorySplit split, string[] subjects)
    {
        this.folder = folder;
        this.trs = trs;
        Split = split;
        Subjects = subjects;
    }

    public IReadOnlyList<string> Subjects { get; }

    public StorySplit Split { get; }

    private static string TextGrids(string folder) => Path.Combine(folder, "derivative", "TextGrids");

    private string ResponseFolder(string subject) => Path.Combine(folder, "derivative", "preprocessed_data", subject);

    /// <param name="folder">The data set's folder.</param>
    /// <param name="test">The test stories; null: those of <c>split.json</c>, or without that file the published one.</param>
    /// <exception cref="InputException">The folder is not laid out so, or a test story is not there.</exception>
    public static Ds003020 Open(string folder, IReadOnlyList<string>? test = null)
    {
        string[] stories = DataFile.Names(TextGrids(folder), TextGridEnding, "the transcripts of a folder laid out as ds003020, derivative/TextGrids");
        if (stories.Length == 0)
            throw new InputException($"{Quote.OneLine(TextGrids(folder))} has no {TextGridEnding} file; expected the transcripts of ds003020: fetch them again");
        RespDict trs = RespDict.Read(Path.Combine(folder, "derivative", "respdict.json"));
        string splitPath = Path.Combine(folder, "split.json");
        StorySplit split = test is not null ? StorySplit.Of(stories, test)
            : File.Exists(splitPath) ? StorySplit.Read(splitPath)
            : StorySplit.Of(stories, [PublishedTest]);
        return new Ds003020(folder, trs, split, SubjectFolders.In(Path.Combine(folder, "derivative", "preprocessed_data")));
    }

    public Story ReadStory(string name)
    {
        TrGrid grid = TrGrid.Ds003020(Scanned(name));
        TextGrid transcript = TextGrid.Read(Path.Combine(TextGrids(folder), name + TextGridEnding));
        string labels = Path.Combine(folder, "labels", name + ".csv");
        return new Story(
            name, TranscriptWords.Of(transcript.WordTier()), grid, File.Exists(labels) ? LabelTable.Read(labels, grid.Kept) : null);
    }

    public SubjectResponses OpenResponses(string subject, IJobLog log)
    {
        SubjectFolders.Check(subject, Subjects, folder);
        return SubjectResponses.Open(subject, ResponseFolder(subject), Split, Expected, log);
    }

    private (int Rows, string Reason) Expected(string story)
    {
        int scanned = Scanned(story);
        return (scanned - TrGrid.Untold, $"respdict.json's {scanned} - {TrGrid.Untold}");
    }

    private int Scanned(string story)
    {
        int scanned = trs.Trs(story);
        if (scanned <= TrGrid.Untold)
            throw new InputException($"respdict.json of {Quote.OneLine(folder)}: {Quote.Of(story)} has {scanned} TRs, of which none remains after trimming {TrGrid.Untold}; leave the story out");
        return scanned;
    }
}

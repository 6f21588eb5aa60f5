using Gim.Config;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Fmri.Simulation;

/// <summary>
/// A listener who is not there, so that everything can be tried without data, and of whom the truth is known: responses to
/// stories of the sample text, with an induction effect of known size. Whatever finds that effect in real responses must find
/// it here, and what cannot know the text must not.
/// </summary>
internal sealed class SimulatedListener : IStoryData
{
    public const string Subject = "simulated listener";

    private readonly Dictionary<string, Story> stories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RetoldRows> retold = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoryResponses> responses = new(StringComparer.Ordinal);

    private SimulatedListener(SimulationSettings settings, StorySplit split)
    {
        Settings = settings;
        Split = split;
    }

    /// <summary>What the listener was made with.</summary>
    public SimulationSettings Settings { get; }

    public IReadOnlyList<string> Subjects { get; } = [Subject];

    public StorySplit Split { get; }

    /// <summary>Tells the stories of the sample text and lets them be heard; all is held in memory.</summary>
    /// <param name="threads">The most threads to use; they change nothing in the result.</param>
    /// <exception cref="InputException">A setting is out of range, or the sample has too little text for so many stories.</exception>
    public static SimulatedListener Create(SimulationSettings settings, int threads = 1, CancellationToken cancellation = default)
        => Create(settings, new SampleSource("dotnet-docs", "runtime"), threads, cancellation);

    internal static SimulatedListener Create(SimulationSettings settings, IDocumentSource text, int threads, CancellationToken cancellation)
    {
        settings.Check();
        var (training, test) = SimulatedStories.Tell(settings, text, cancellation);
        ToldStory[] all = [.. training, .. test];
        var listener = new SimulatedListener(settings, new StorySplit([.. training.Select(story => story.Name)], [.. test.Select(story => story.Name)]));
        var words = new WordLabels(all);
        Matrix[] labels = [.. all.Select(words.Of)];
        StoryResponses[] heard = SimulatedResponses.Of(
            settings, [.. all.Select((story, i) => (story, labels[i], i < training.Length ? 1 : settings.TestTrials))], threads, cancellation);
        RetoldRows[] truth = RetoldRows.Of(training, test);
        for (int i = 0; i < all.Length; i++)
        {
            ToldStory story = all[i];
            var table = new LabelTable($"the labels of the simulated story '{story.Name}'", WordLabels.Columns, story.Grid.Trim(labels[i]));
            listener.stories.Add(story.Name, new Story(story.Name, story.Words, story.Grid, table));
            listener.retold.Add(story.Name, truth[i]);
            listener.responses.Add(story.Name, heard[i]);
        }
        return listener;
    }

    public Story ReadStory(string name) => stories.TryGetValue(name, out Story? story) ? story : throw Unknown("story", name, Split.All);

    /// <summary>The truth about a story's rows: where their words were told as well.</summary>
    /// <exception cref="InputException">There is no such story.</exception>
    public RetoldRows Retold(string story) => retold.TryGetValue(story, out RetoldRows? rows) ? rows : throw Unknown("story", story, Split.All);

    public SubjectResponses OpenResponses(string subject, IJobLog log)
    {
        if (subject != Subject)
            throw Unknown("subject", subject, Subjects);
        Dictionary<string, ResponseSource> files = responses.ToDictionary(heard => heard.Key, heard => new ResponseSource(
            $"the simulated responses to '{heard.Key}'",
            () => new MatrixResponses(heard.Value.Mean, heard.Value.Trials.Count > 1 ? heard.Value.Trials : null)), StringComparer.Ordinal);
        return SubjectResponses.Open(Subject, Split, files, story => (stories[story].Grid.Kept, "rows of the story"));
    }

    /// <summary>What a story's responses are made of.</summary>
    internal StoryResponses Parts(string story) => responses[story];

    private static InputException Unknown(string what, string name, IEnumerable<string> there)
    {
        string advice = NearestName.Of(name, [.. there]) is { } near ? $"is '{near}' meant?" : $"it has {string.Join(", ", there.Take(10))}";
        return new InputException($"the simulated listener has no {what} {Quote.Of(name)}; {advice}");
    }
}

using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Fmri.Models;

/// <summary>
/// Stories and one subject's responses as encoding models take them: the training stories sorted by name (ordinal), then the
/// test stories likewise, a row for each TR.
/// </summary>
internal sealed class Recording
{
    private Recording(
        string subject, IReadOnlyList<Story> stories, int trainingStories, IReadOnlyList<StoryRows> rows, RecordedTargets targets, RowFolds folds)
    {
        Subject = subject;
        Stories = stories;
        Rows = rows;
        Training = [.. rows.Take(trainingStories)];
        Test = [.. rows.Skip(trainingStories).Select(story => story with { Start = story.Start - TrainingRows })];
        Targets = targets;
        StoryFolds = folds;
    }

    public string Subject { get; }

    /// <summary>Training stories, then test stories.</summary>
    public IReadOnlyList<Story> Stories { get; }

    /// <summary>Where each story's rows are.</summary>
    public IReadOnlyList<StoryRows> Rows { get; }

    /// <summary>The training stories' rows, from row 0.</summary>
    public IReadOnlyList<StoryRows> Training { get; }

    /// <summary>The test stories' rows, counted from the first of them.</summary>
    public IReadOnlyList<StoryRows> Test { get; }

    public int TrainingRows => Training[^1].End;

    public int TestRows => Test[^1].End;

    public RecordedTargets Targets { get; }

    /// <summary>Whole training stories held out in turn: what keys are predicted by, and what of the memory a training row does not see.</summary>
    public RowFolds StoryFolds { get; }

    /// <exception cref="InputException">There is no such subject, a file is missing or damaged, or the stories are too few.</exception>
    public static Recording Open(IStoryData data, string subject, RecordingSettings settings, int threads, IJobLog log, CancellationToken cancellation)
    {
        SubjectResponses responses = data.OpenResponses(subject, log);
        string[] training = Sorted(responses.Split.Train), test = Sorted(responses.Split.Test);
        if (test.Length == 0)
            throw new InputException("there is no story to test on; name one in split.json, or in \"dataset.test\"");
        var stories = new List<Story>();
        using (IJobProgress progress = log.Start("reading stories", training.Length + test.Length, "stories"))
        {
            foreach (string name in (string[])[.. training, .. test])
            {
                cancellation.ThrowIfCancellationRequested();
                stories.Add(data.ReadStory(name));
                progress.Advance(1);
            }
        }
        var rows = new List<StoryRows>();
        foreach (Story story in stories)
            rows.Add(new StoryRows(story.Name, rows.Count == 0 ? 0 : rows[^1].End, story.Grid.Kept));
        StoryRows[] trainingRows = [.. rows.Take(training.Length)];
        // Before the responses, whose reading takes long.
        RowFolds folds = RowFolds.OfStories(trainingRows, trainingRows[^1].End, settings.StoryFolds);
        RecordedTargets targets = RecordedTargets.Open(responses, training, test, settings, threads, log, cancellation);
        return new Recording(subject, stories, training.Length, rows, targets, folds);
    }

    /// <summary>The training rows of a matrix with all rows.</summary>
    public Matrix TrainingPart(Matrix rows) => new(TrainingRows, rows.Columns, rows.Values[..(TrainingRows * rows.Columns)]);

    /// <summary>The test rows of a matrix with all rows.</summary>
    public Matrix TestPart(Matrix rows) => new(TestRows, rows.Columns, rows.Values[(TrainingRows * rows.Columns)..]);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}

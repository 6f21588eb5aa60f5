using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;
using Gim.Progress;

namespace Gim.Fmri.Models;

/// <summary>One subject's responses: what is predicted, and what matches lend.</summary>
internal sealed class RecordedTargets
{
    private readonly SubjectResponses responses;
    private readonly string[] trainingStories, testStories;
    private readonly RecordingSettings settings;
    private readonly int threads;
    private readonly IJobLog log;
    private Matrix? values;

    private RecordedTargets(
        SubjectResponses responses, string[] trainingStories, string[] testStories, RecordingSettings settings, int threads, IJobLog log, ITargets training, ITargets test,
        int[] numbers)
    {
        this.responses = responses;
        this.trainingStories = trainingStories;
        this.testStories = testStories;
        this.settings = settings;
        this.threads = threads;
        this.log = log;
        Training = training;
        Test = test;
        Numbers = numbers;
    }

    /// <summary>[training rows, targets]</summary>
    public ITargets Training { get; }

    /// <summary>[test rows, targets]</summary>
    public ITargets Test { get; }

    /// <summary>[targets], the number of each in the files, or of the component.</summary>
    public IReadOnlyList<int> Numbers { get; }

    public int Count => Numbers.Count;

    /// <summary>Whether principal components stand in for the responses.</summary>
    public bool AreComponents => settings.Components > 0;

    public static RecordedTargets Open(
        SubjectResponses responses, string[] training, string[] test, RecordingSettings settings, int threads, IJobLog log, CancellationToken cancellation)
    {
        if (settings.Components > 0)
        {
            ResponseComponents components = Components(responses, training, test, settings.Components, settings, threads, log, cancellation);
            ResponseBlock own = components.Of(training), others = components.Of(test);
            return new RecordedTargets(
                responses, training, test, settings, threads, log, new MatrixTargets(own.Values), new MatrixTargets(others.Values), [.. own.Targets]);
        }
        string[] all = [.. training, .. test];
        int trainingRows = responses.Rows(training), rows = trainingRows + responses.Rows(test);
        long values = (long)rows * responses.Targets;
        if (values * sizeof(float) <= settings.MemoryBytes && values <= Array.MaxLength)
        {
            ResponseBlock block = responses.Read(all, 0, responses.Targets, settings.Invalid, log);
            RequireTargets(block.Targets.Count, responses);
            int border = trainingRows * block.Values.Columns;
            return new RecordedTargets(
                responses, training, test, settings, threads, log,
                new MatrixTargets(new Matrix(trainingRows, block.Values.Columns, block.Values.Values[..border])),
                new MatrixTargets(new Matrix(rows - trainingRows, block.Values.Columns, block.Values.Values[border..])),
                [.. block.Targets]);
        }
        var numbers = new List<int>();
        using (IJobProgress progress = log.Start($"checking {responses.Subject}'s responses", responses.Targets, "targets"))
        {
            foreach (var (first, count) in responses.Ranges(all, settings.MemoryBytes))
            {
                cancellation.ThrowIfCancellationRequested();
                numbers.AddRange(responses.Read(all, first, count, settings.Invalid, log).Targets);
                progress.Advance(count);
            }
        }
        RequireTargets(numbers.Count, responses);
        int[] kept = [.. numbers];
        return new RecordedTargets(
            responses, training, test, settings, threads, log, new ResponseTargets(responses, training, kept), new ResponseTargets(responses, test, kept), kept);
    }

    /// <summary>
    /// What matches lend: [all rows, columns], the first targets where there are few, else the first principal components of
    /// the training responses. Made when first asked for.
    /// </summary>
    /// <exception cref="InputException">A file is damaged.</exception>
    public Matrix Values(CancellationToken cancellation) => values ??= MakeValues(cancellation);

    private Matrix MakeValues(CancellationToken cancellation)
    {
        if (Count > RecordingSettings.MostValueTargets)
        {
            ResponseComponents components = Components(
                responses, trainingStories, testStories, settings.ValueColumns, settings, threads, log, cancellation);
            log.Info($"matches lend {components.Count:N0} principal components of the {Count:N0} targets");
            return components.Of([.. trainingStories, .. testStories]).Values;
        }
        int columns = Math.Min(settings.ValueColumns, Count);
        var lent = new Matrix(Training.Rows + Test.Rows, columns);
        Matrix training = new(Training.Rows, columns), test = new(Test.Rows, columns);
        Training.Read(0, training);
        Test.Read(0, test);
        training.Values.CopyTo(lent.Values, 0);
        test.Values.CopyTo(lent.Values, training.Values.Length);
        return lent;
    }

    /// <summary>What keys of predicted responses predict: all targets where there are few, else what matches lend.</summary>
    public ITargets KeyTargets(CancellationToken cancellation)
    {
        if (Count <= RecordingSettings.MostValueTargets) return Training;
        Matrix lent = Values(cancellation);
        return new MatrixTargets(new Matrix(Training.Rows, lent.Columns, lent.Values[..(Training.Rows * lent.Columns)]));
    }

    private static ResponseComponents Components(
        SubjectResponses responses, string[] training, string[] test, int count, RecordingSettings settings, int threads, IJobLog log, CancellationToken cancellation)
    {
        // Directions, their next ones, and what they are made of.
        const int Matrices = 4;
        long bytes = (long)responses.Targets * count * sizeof(float) * Matrices;
        if (bytes > settings.MemoryBytes || (long)responses.Targets * count > Array.MaxLength)
            throw new InputException($"{count:N0} components of {responses.Targets:N0} targets take {bytes / 1e9:N1} GB, of {settings.MemoryBytes / 1e9:N1} that are allowed for responses; ask for fewer, or raise \"memory\"");
        return ResponseComponents.Fit(responses, training, test, count, settings.Invalid, threads, log, cancellation);
    }

    /// <summary>
    /// Single presentations of the test stories, [test rows, some targets] each; null where they were not all repeated
    /// equally often, or components stand in for the responses.
    /// </summary>
    /// <exception cref="InputException">A file is damaged.</exception>
    public Matrix[]? ReadTrials(int first, int count)
    {
        if (AreComponents || count == 0) return null;
        int from = Numbers[first], width = Numbers[first + count - 1] - from + 1;
        var ofStories = new List<Matrix[]>();
        foreach (string story in testStories)
        {
            if (responses.ReadTrials(story, from, width) is not { Length: > 1 } trials) return null;
            ofStories.Add(trials);
        }
        if (ofStories.Any(trials => trials.Length != ofStories[0].Length))
        {
            if (first == 0) log.Info("no noise ceiling: the test stories were not all heard equally often");
            return null;
        }
        var joined = new Matrix[ofStories[0].Length];
        for (int trial = 0; trial < joined.Length; trial++)
        {
            joined[trial] = new Matrix(Test.Rows, count);
            int start = 0;
            foreach (Matrix[] trials in ofStories)
            {
                for (int row = 0; row < trials[trial].Rows; row++, start++)
                {
                    for (int i = 0; i < count; i++)
                        joined[trial][start, i] = trials[trial][row, Numbers[first + i] - from];
                }
            }
        }
        return joined;
    }

    private static void RequireTargets(int count, SubjectResponses responses)
    {
        if (count == 0)
            throw new InputException($"none of {responses.Subject}'s {responses.Targets:N0} targets is finite in all stories; nothing is left to predict, check how the responses were written");
    }
}

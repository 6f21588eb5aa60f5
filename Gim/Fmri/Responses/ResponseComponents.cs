using Gim.Progress;

namespace Gim.Fmri.Responses;

/// <summary>
/// The first principal components of one subject's responses, fitted on some stories: what stands for the whole brain where
/// targets are voxels. Responses are read story by story and never held together. A target that is left out of regression,
/// as it is not finite somewhere, has no part in them.
/// </summary>
internal sealed class ResponseComponents
{
    /// <summary>Targets up to which all of their products are held; beyond, directions are found by iteration.</summary>
    private const int MostProducts = 2048;

    private const int Seed = 1;

    private readonly SubjectResponses responses;
    private readonly InvalidTargets invalid;
    private readonly int threads;
    private readonly double[] mean;
    private readonly bool[] excluded;
    private Matrix directions = new(0, 0);

    private ResponseComponents(SubjectResponses responses, InvalidTargets invalid, int threads)
    {
        this.responses = responses;
        this.invalid = invalid;
        this.threads = threads;
        mean = new double[responses.Targets];
        excluded = new bool[responses.Targets];
    }

    /// <summary>How many there are.</summary>
    public int Count => directions.Columns;

    /// <param name="responses">The responses.</param>
    /// <param name="training">The stories that means and directions are found on.</param>
    /// <param name="others">Stories that are predicted, and so decide too which targets are left out.</param>
    /// <param name="count">How many components; fewer where the responses have not so many.</param>
    /// <param name="invalid">What to do with targets that are not finite.</param>
    /// <param name="threads">The most threads to use; they change nothing in the result.</param>
    /// <param name="log">Where to show progress.</param>
    /// <param name="cancellation">Is asked for every story.</param>
    /// <exception cref="InputException">A file is damaged, or a value is not finite and that is to be an error.</exception>
    public static ResponseComponents Fit(
        SubjectResponses responses, IReadOnlyList<string> training, IReadOnlyList<string> others, int count, InvalidTargets invalid, int threads, IJobLog log,
        CancellationToken cancellation)
        => Fit(responses, training, others, count, invalid, threads, log, MostProducts, cancellation);

    internal static ResponseComponents Fit(
        SubjectResponses responses, IReadOnlyList<string> training, IReadOnlyList<string> others, int count, InvalidTargets invalid, int threads, IJobLog log,
        int mostProducts, CancellationToken cancellation)
    {
        var components = new ResponseComponents(responses, invalid, threads);
        components.FindMean(training, others, cancellation);
        components.Report(log);
        using IJobProgress progress = log.Start($"components of {responses.Subject}'s responses", 0, "stories");
        if (responses.Targets <= mostProducts)
        {
            var gram = new Gram(responses.Targets, threads);
            foreach (Matrix piece in Pieces())
                gram.Add(piece);
            components.directions = gram.Largest(count, cancellation).Directions;
        }
        else
        {
            components.directions = SubspaceIteration.Directions(responses.Targets, count, Pieces, threads, Seed);
        }
        return components;

        IEnumerable<Matrix> Pieces()
        {
            foreach (string story in training)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return components.Centred(story);
                progress.Advance(1);
            }
        }
    }

    /// <summary>The components' values for several stories; <see cref="ResponseBlock.Targets"/> are their numbers.</summary>
    /// <exception cref="InputException">A file is damaged, or a value is not finite and that is to be an error.</exception>
    public ResponseBlock Of(IReadOnlyList<string> stories)
    {
        var values = new Matrix(responses.Rows(stories), Count);
        var places = new List<StoryRows>();
        int start = 0;
        foreach (string story in stories)
        {
            Matrix some = Projection.Of(Centred(story), directions, threads);
            some.Values.CopyTo(values.Values.AsSpan(start * Count));
            places.Add(new StoryRows(story, start, some.Rows));
            start += some.Rows;
        }
        return new ResponseBlock(values, places, [.. Enumerable.Range(0, Count)]);
    }

    private void FindMean(IReadOnlyList<string> training, IReadOnlyList<string> others, CancellationToken cancellation)
    {
        foreach (var (story, fitted) in training.Select(story => (story, true)).Concat(others.Select(story => (story, false))))
        {
            cancellation.ThrowIfCancellationRequested();
            Matrix rows = Read(story);
            for (int i = 0; i < rows.Rows; i++)
            {
                ReadOnlySpan<float> row = rows.Row(i);
                for (int c = 0; c < row.Length; c++)
                {
                    if (fitted) mean[c] += row[c];
                    excluded[c] |= !float.IsFinite(row[c]);
                }
            }
        }
        int all = responses.Rows(training);
        for (int c = 0; c < mean.Length; c++)
            mean[c] = excluded[c] ? 0 : mean[c] / all;
    }

    /// <summary>Says how many targets are left out.</summary>
    /// <exception cref="InputException">None is left.</exception>
    private void Report(IJobLog log)
    {
        int count = excluded.Count(one => one);
        if (count == excluded.Length)
            throw new InputException($"none of {responses.Subject}'s {count:N0} targets is finite in all stories; nothing is left to find components of, check how the responses were written");
        if (count > 0)
            log.Warn($"{responses.Subject}: left {count:N0} of {excluded.Length:N0} targets out of the components, whose values are not all finite (first: target {Array.IndexOf(excluded, true)})");
    }

    /// <summary>A story's responses less the training mean; 0 for what is left out.</summary>
    private Matrix Centred(string story)
    {
        Matrix rows = Read(story);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<float> row = rows.Row(i);
            for (int c = 0; c < row.Length; c++)
                row[c] = excluded[c] || !float.IsFinite(row[c]) ? 0 : (float)(row[c] - mean[c]);
        }
        return rows;
    }

    private Matrix Read(string story)
    {
        var rows = new Matrix(responses.Rows(story), responses.Targets);
        responses.ReadStory(story, 0, responses.Targets, rows.Values);
        if (invalid == InvalidTargets.Refuse)
            responses.CheckFinite(story, 0, responses.Targets, rows.Values);
        return rows;
    }
}

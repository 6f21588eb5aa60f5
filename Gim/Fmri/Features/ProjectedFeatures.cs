using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>
/// Features in fewer columns: projected on the main eigenvectors of their XᵀX over the training stories, which is not centred
/// (features have mean 0 within each story already). The projections are not standardised again: the first ones are larger.
/// </summary>
internal sealed class ProjectedFeatures : IStoryFeatures
{
    private readonly IStoryFeatures inner;
    private readonly Matrix directions;
    private readonly int threads;

    private ProjectedFeatures(IStoryFeatures inner, Matrix directions, int threads)
    {
        this.inner = inner;
        this.directions = directions;
        this.threads = threads;
    }

    public string Name => inner.Name;

    public bool IsDelayed => inner.IsDelayed;

    /// <param name="inner">The features.</param>
    /// <param name="training">The stories that the directions are found on.</param>
    /// <param name="count">How many columns to keep.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <param name="cancellation">Is asked now and then.</param>
    public static ProjectedFeatures Fit(
        IStoryFeatures inner, IReadOnlyList<Story> training, int count, int threads, CancellationToken cancellation = default)
    {
        Gram? gram = null;
        foreach (Story story in training)
        {
            cancellation.ThrowIfCancellationRequested();
            Matrix rows = inner.Of(story);
            gram ??= new Gram(rows.Columns, threads);
            gram.Add(rows);
        }
        return new ProjectedFeatures(
            inner, gram?.Largest(count, cancellation).Directions ?? throw new ArgumentException("no training story", nameof(training)), threads);
    }

    public Matrix Of(Story story) => Projection.Of(inner.Of(story), directions, threads);
}

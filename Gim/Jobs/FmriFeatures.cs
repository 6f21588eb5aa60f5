using Gim.Config;
using Gim.Fmri.Features;
using Gim.Fmri.Models;
using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The features that a config names, made for the stories of a recording.</summary>
/// <param name="own">The run's own folders, which no text is read from.</param>
/// <param name="similarity">Opens the similarity model when a feature or key asks for it.</param>
internal sealed class FmriFeatures(FmriConfig config, Recording recording, StorySimilarity similarity, OwnFolders own, int threads, IJobLog log, CancellationToken cancellation)
{
    /// <exception cref="InputException">What the features are made of is missing or cannot be used.</exception>
    public IStoryFeatures Create(string name) => name switch
    {
        FeatureNames.WordRate => WordFeatures.Rate(FmriData.Downsampling(config)),
        FeatureNames.Labels => LabelFeatures.Like(recording.Stories[0]),
        FeatureNames.Eng1000 => new WordFeatures("English1000", Gim.Fmri.Features.Eng1000.Read(Eng1000Path()), FmriData.Downsampling(config)),
        FeatureNames.Cooccurrence => Cooccurrence(),
        FeatureNames.Similarity => similarity.Features(),
        FeatureNames.Position => new PositionFeatures(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name),
    };

    private string Eng1000Path() => config.Eng1000
        ?? throw new InputException("the feature 'eng1000' needs the file of its word vectors; set \"eng1000\" to the path of an english1000sm.hf5");

    private ProjectedFeatures Cooccurrence()
    {
        Story[] training = [.. recording.Stories.Take(recording.Training.Count)], others = [.. recording.Stories.Skip(recording.Training.Count)];
        IDocumentSource[] sources = [.. config.Cooccurrence.Text.Select(source => SourceFactory.Create(source, own))];
        CooccurrenceVectors vectors = CooccurrenceVectors.Count(
            training, others, sources, config.Cooccurrence.Contexts, config.Cooccurrence.Distance, log, cancellation);
        var features = new WordFeatures("co-occurrence", vectors, Gim.Fmri.Features.Downsampling.Bins);
        return ProjectedFeatures.Fit(features, training, config.Cooccurrence.Components, threads, cancellation);
    }
}

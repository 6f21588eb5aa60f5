using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Similarity;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The similarity model of an fmri run, opened when a feature or key first asks for it.</summary>
internal sealed class StorySimilarity(FmriConfig config, Device device, IJobLog log) : IDisposable
{
    private SimilarityNetwork? network;
    private SimilarityFeatures? features;

    /// <summary>The embeddings as features.</summary>
    /// <exception cref="InputException">The model cannot be used.</exception>
    public SimilarityFeatures Features() => features ??= new SimilarityFeatures(Open());

    /// <summary>The embeddings as keys: [all rows, columns].</summary>
    /// <exception cref="InputException">The model cannot be used.</exception>
    public Matrix Keys(IReadOnlyList<Story> stories, CancellationToken cancellation) => StackedRows.Below([.. stories.Select(story =>
    {
        cancellation.ThrowIfCancellationRequested();
        return (story.Name, Features().Raw(story));
    })]).Values;

    private StoryEmbeddings Open()
    {
        Tokenizer tokenizer = TokenizerFactory.Create(new Gpt2TokenizerConfig());
        if (config.SimilarityModel is null && SimilarityModel.WhyNotShipped(tokenizer) is { } why)
            throw new InputException($"the feature and key 'similarity' need a similarity model, and {why}; set \"similarityModel\" to a file of weights (*.safetensors or *.pt)");
        string path = config.SimilarityModel ?? SimilarityModel.ShippedPath;
        network = SimilarityNetwork.Load(WeightFiles.Read(path), device, path);
        SimilarityModel.RequireTokenizer(network.Configuration, tokenizer, path);
        log.Info($"similarity model: {path} ({network.Configuration.Layers} layers of {network.Configuration.Columns} columns)");
        return new StoryEmbeddings(network, tokenizer);
    }

    public void Dispose() => network?.Dispose();
}

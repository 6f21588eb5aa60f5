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
    private StoryEmbeddings? embeddings;

    /// <summary>The embeddings as features.</summary>
    /// <exception cref="InputException">The model cannot be used.</exception>
    public SimilarityFeatures Features() => new(Embeddings());

    /// <summary>The embeddings as keys: [all rows, columns].</summary>
    /// <exception cref="InputException">The model cannot be used.</exception>
    public Matrix Keys(IReadOnlyList<Story> stories) => StackedRows.Below([.. stories.Select(story => (story.Name, Embeddings().Of(story)))]).Values;

    private StoryEmbeddings Embeddings()
    {
        if (embeddings is not null) return embeddings;
        Tokenizer tokenizer = TokenizerFactory.Create(new Gpt2TokenizerConfig());
        if (config.SimilarityModel is null && SimilarityModel.WhyNotShipped(tokenizer) is { } why)
            throw new InputException($"the feature and key 'similarity' need a similarity model, and {why}; set \"similarityModel\" to a file of weights (*.safetensors or *.pt)");
        string path = config.SimilarityModel ?? SimilarityModel.ShippedPath;
        network = SimilarityNetwork.Load(WeightFiles.Read(path), device, path);
        SimilarityModel.RequireTokenizer(network.Configuration, tokenizer, path);
        log.Info($"similarity model: {path} ({network.Configuration.Layers} layers of {network.Configuration.Columns} columns)");
        return embeddings = new StoryEmbeddings(network, tokenizer);
    }

    public void Dispose() => network?.Dispose();
}

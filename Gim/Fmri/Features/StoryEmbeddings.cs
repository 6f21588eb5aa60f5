using Gim.Config;
using Gim.Fmri.Stimulus;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Text;

namespace Gim.Fmri.Features;

/// <summary>
/// A story as the similarity transformer sees it: for each TR the embedding of the words so far, that is after the last token
/// of the last word that has begun when the TR ends. Words are joined with single spaces. Streaming models read the story
/// once; windowed ones see the last tokens before each of these places. Used by one thread at a time.
/// </summary>
internal sealed class StoryEmbeddings
{
    private readonly SimilarityNetwork network;
    private readonly Tokenizer tokenizer;

    /// <param name="network">Stays the caller's.</param>
    /// <param name="tokenizer">The one of the network's training text; one that begins a token at each space, as GPT-2's does.</param>
    /// <exception cref="ArgumentException">The network has no embeddings for some of the tokenizer's tokens.</exception>
    public StoryEmbeddings(SimilarityNetwork network, Tokenizer tokenizer)
    {
        if (tokenizer.VocabularySize > network.Configuration.Vocabulary)
            throw new ArgumentException($"the tokenizer {tokenizer.Name} has {tokenizer.VocabularySize} tokens where the network has {network.Configuration.Vocabulary}", nameof(tokenizer));
        (this.network, this.tokenizer) = (network, tokenizer);
    }

    /// <summary>Length of an embedding.</summary>
    public int Columns => network.Configuration.OutputColumns;

    /// <summary>
    /// [TRs after trimming, columns], as the network gives them. A TR in which no word begins has the row of the TR before it;
    /// rows before the first word are 0.
    /// </summary>
    /// <exception cref="InputException">The tokenizer joins tokens over the borders of words.</exception>
    public Matrix Of(Story story)
    {
        int[] lasts = LastTokens(story, out int[] tokens), places = new int[story.Grid.Kept];
        List<int> positions = [];
        for (int row = 0; row < places.Length; row++)
        {
            int words = story.WordsBegun[story.Grid.TrimStart + row + 1], last = words == 0 ? -1 : lasts[words - 1];
            if (last >= 0 && (positions.Count == 0 || positions[^1] != last))
                positions.Add(last);
            places[row] = positions.Count - 1;
        }
        var rows = new Matrix(places.Length, Columns);
        if (positions.Count == 0)
            return rows;
        float[] embeddings = Embed(tokens.AsSpan(0, positions[^1] + 1), [.. positions]);
        for (int row = 0; row < places.Length; row++)
        {
            if (places[row] >= 0)
                embeddings.AsSpan(places[row] * Columns, Columns).CopyTo(rows.Row(row));
        }
        return rows;
    }

    /// <summary>[words], where each word's last token is; -1 where there is none yet.</summary>
    /// <param name="tokens">The tokens of the whole story.</param>
    private int[] LastTokens(Story story, out int[] tokens)
    {
        int[] lasts = new int[story.Words.Count];
        List<int> all = [];
        for (int word = 0; word < lasts.Length; word++)
        {
            string text = story.Words[word].Text;
            all.AddRange(tokenizer.Encode(word == 0 ? text : " " + text));
            lasts[word] = all.Count - 1;
        }
        tokens = [.. all];
        if (!tokens.AsSpan().SequenceEqual(tokenizer.Encode(string.Join(' ', story.Words.Select(word => word.Text)))))
        {
            throw new InputException(
                $"the tokenizer {tokenizer.Name} does not begin a new token at each word of the story {Quote.Of(story.Name)}, so that it has no embedding at the words' ends; use a similarity model with the tokenizer gpt2");
        }
        return lasts;
    }

    /// <summary>[positions, columns]</summary>
    /// <param name="positions">Ascending.</param>
    private float[] Embed(ReadOnlySpan<int> tokens, int[] positions)
    {
        bool streams = network.Configuration.Mode == EmbeddingMode.Streaming;
        int rows = streams ? tokens.Length : positions.Length;
        using DeviceBuffer<float> onDevice = network.Device.AllocateFloats(checked(rows * Columns), "use shorter stories, or another device");
        if (!streams)
        {
            new ContextEmbedder(network, network.Configuration.Window).WindowsAt(tokens, positions, onDevice);
            return onDevice.ToArray();
        }
        using (var encoder = new StreamingEncoder(network))
            encoder.Append(tokens, onDevice);
        float[] all = onDevice.ToArray(), some = new float[positions.Length * Columns];
        for (int i = 0; i < positions.Length; i++)
            all.AsSpan(positions[i] * Columns, Columns).CopyTo(some.AsSpan(i * Columns));
        return some;
    }
}

using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;

namespace Gim.Train;

/// <summary>
/// An index of what a model was trained on, without what was held out: the reference for choosing GIM's τ. Sources hold
/// their documents without separators, so that matches may run over a border; they are cut into pieces to have some.
/// </summary>
internal sealed class TrainingReference : IDisposable
{
    private const int PieceLength = 1 << 16;

    private readonly string folder;

    private TrainingReference(string folder, CorpusIndex index)
    {
        this.folder = folder;
        Index = index;
    }

    public CorpusIndex Index { get; }

    /// <summary>Builds the index in a folder of its own, which goes with it.</summary>
    public static TrainingReference Build(IReadOnlyList<ITrainingTokens> texts, Tokenizer tokenizer, string folder, IJobLog log, CancellationToken cancellation)
    {
        Remove(folder);
        Directory.CreateDirectory(folder);
        try
        {
            using (var writer = new IndexWriter(folder, TokenWidths.For(tokenizer.VocabularySize, tokenizer.IsBytes), tokenizer.VocabularySize))
            {
                int[] piece = new int[PieceLength];
                foreach (ITrainingTokens text in texts)
                {
                    for (long start = 0; start < text.TokenCount; start += PieceLength)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Span<int> tokens = piece.AsSpan(0, (int)Math.Min(PieceLength, text.TokenCount - start));
                        text.Read(start, tokens);
                        writer.Append(tokens, "{}");
                    }
                }
                writer.Finish(new IndexTokenizer(tokenizer.Name, tokenizer.Hash), tokenizer.EndOfText, "training text", log, cancellation);
            }
            return new TrainingReference(folder, CorpusIndex.Open(folder));
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        Index.Dispose();
        Remove(folder);
    }
}

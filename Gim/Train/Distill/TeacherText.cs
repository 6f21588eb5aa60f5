using Gim.Progress;
using Gim.Text;
using Gim.Train.Data;

namespace Gim.Train.Distill;

/// <summary>
/// A teacher's text, dealt to training and validation by whole documents as other training text is: documents with the
/// same words are on the same side, and where none is small enough the end of the longest one is held back.
/// </summary>
internal sealed record TeacherText(TeacherStretches Training, TeacherStretches Held)
{
    /// <summary>Tokens of a document at most: its text must fit one string.</summary>
    public const int LongestDocument = 1 << 27;

    /// <param name="file">Stays the caller's; of the tokenizer.</param>
    /// <param name="share">Part of the tokens to hold back, from 0 to 1/2.</param>
    /// <param name="seed">Of the drawing of held-back documents.</param>
    /// <exception cref="InputException">A document is too long, or the file cannot be read.</exception>
    public static TeacherText Deal(TeacherFile file, Tokenizer tokenizer, double share, long seed, IJobLog log, CancellationToken cancellation)
    {
        if (share is not (>= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(share), share, "is not from 0 to 1/2");
        int count = file.DocumentStarts.Length;
        long Start(int document) => document < count ? file.DocumentStarts[document] : file.TokenCount;
        if (share == 0)
            return new TeacherText(new TeacherStretches(file, [.. Enumerable.Range(0, count).Select(i => (Start(i), Start(i + 1) - Start(i)))]), new TeacherStretches(file, []));

        var words = new UInt128[count];
        int[] lengths = new int[count], tokens = [];
        using (IJobProgress progress = log.Start("reading the teacher's documents", file.TokenCount, "tokens"))
        {
            for (int i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long length = Start(i + 1) - Start(i);
                if (length > LongestDocument)
                    throw new InputException($"{file.Source}: the document at position {Start(i)} has {length} tokens; at most {LongestDocument} can be taken, cut it in several");
                lengths[i] = (int)length;
                if (tokens.Length < length) tokens = new int[length];
                file.Read(Start(i), tokens.AsSpan(0, lengths[i]));
                words[i] = DocumentSides.Words(tokenizer.Decode(tokens.AsSpan(0, lengths[i])));
                progress.Advance(length);
            }
        }
        int[] trained = new DocumentSides().Deal(words, lengths, share, seed);
        if (trained.Index().Any(one => one.Item > 0 && one.Item < lengths[one.Index]))
            log.Warn("the teacher's text has no document small enough to hold out whole; the end of its longest one is held out instead, and its beginning trained on");
        var training = new List<(long, long)>();
        var held = new List<(long, long)>();
        for (int i = 0; i < count; i++)
        {
            if (trained[i] > 0) training.Add((Start(i), trained[i]));
            if (trained[i] < lengths[i]) held.Add((Start(i) + trained[i], lengths[i] - trained[i]));
        }
        return new TeacherText(new TeacherStretches(file, training), new TeacherStretches(file, held));
    }
}

using Gim.Progress;
using Gim.Similarity.Weights;
using Gim.Text.Tokenizers;
using Gim.Train.Distill;

namespace Gim.Tests.Train.Distill;

/// <summary>How a teacher's text is dealt to training and validation, and read.</summary>
public sealed class TeacherTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ByteTokenizer bytes = new();
    private TeacherFile? file;

    public void Dispose()
    {
        file?.Dispose();
        folder.Dispose();
    }

    private TeacherFile Open(params string[] documents)
    {
        int[] tokens = [.. documents.SelectMany(document => bytes.Encode(document))];
        long[] starts = [.. documents.Select((_, i) => (long)documents[..i].Sum(document => document.Length))];
        var (tensors, metadata) = BigramTeacher.Content(tokens, starts, new int[tokens.Length], new float[tokens.Length], 1);
        metadata["vocab_size"] = "256";
        SafetensorsFile.Write(folder["teacher"], new WeightFile(tensors.Values, metadata));
        return file = TeacherFile.Open(folder["teacher"]);
    }

    private TeacherText Deal(TeacherFile teacher, double share, long seed = 42) => TeacherText.Deal(teacher, bytes, share, seed, SilentLog.Instance, CancellationToken.None);

    private string Read(TeacherStretches stretches, long start, long count)
    {
        int[] tokens = new int[count];
        stretches.Read(start, tokens);
        return bytes.Decode(tokens);
    }

    [Fact]
    public void Documents_are_dealt_whole_and_those_of_the_same_words_together()
    {
        string[] documents = [.. Enumerable.Range(0, 40).SelectMany(i => (string[])[$"The {i}th document, of {i * i} words.", $"another one: {i}"])];
        // The same words, written otherwise.
        documents = [.. documents, .. documents.Select(document => document.ToUpperInvariant().Replace(',', ';'))];
        TeacherText text = Deal(Open(documents), 0.2);
        string[] training = [.. text.Training.All.Select(stretch => Part(documents, stretch))], held = [.. text.Held.All.Select(stretch => Part(documents, stretch))];
        Assert.Equal(documents.Order(), training.Concat(held).Order());
        Assert.Equal(held, documents.Where(held.Contains));
        Assert.All(held, document => Assert.Contains(document.ToUpperInvariant().Replace(',', ';'), held));
        Assert.InRange(text.Held.TokenCount / (double)documents.Sum(document => document.Length), 0.15, 0.4);
        Assert.NotEqual(text.Held.All, Deal(file!, 0.2, seed: 43).Held.All);
        Assert.Equal(text.Held.All, Deal(file!, 0.2).Held.All);
    }

    [Fact]
    public void Nothing_or_the_end_of_the_only_document_is_held_back()
    {
        string document = string.Concat(Enumerable.Range(100, 100));
        Open(document);
        TeacherText all = Deal(file!, 0);
        Assert.Equal([(0L, 300L)], all.Training.All);
        Assert.Empty(all.Held.All);
        TeacherText cut = Deal(file!, 0.1);
        Assert.Equal([(0L, 270L)], cut.Training.All);
        Assert.Equal([(270L, 30L)], cut.Held.All);
    }

    [Fact]
    public void Stretches_are_read_as_one_text()
    {
        TeacherStretches text = new(Open("0123456789abcdefghij"), [(1, 3), (5, 1), (10, 7)]);
        const string Whole = "1235abcdefg";
        Assert.Equal(Whole.Length, text.TokenCount);
        for (int start = 0; start <= Whole.Length; start++)
        {
            for (int count = 0; count <= Whole.Length - start; count++)
                Assert.Equal(Whole.Substring(start, count), Read(text, start, count));
            Assert.Throws<ArgumentOutOfRangeException>(() => Read(text, start, Whole.Length - start + 1));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(text, -1, 1));
        TeacherStretches none = new(file!, []);
        Assert.Equal((0, ""), (none.TokenCount, Read(none, 0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(none, 0, 1));
    }

    private static string Part(string[] documents, (long Start, long Length) stretch) => string.Concat(documents).Substring((int)stretch.Start, (int)stretch.Length);
}

using System.Runtime.InteropServices;
using Gim.Similarity.Weights;
using Gim.Text.Tokenizers;
using Gim.Train;
using Gim.Train.Distill;

namespace Gim.Tests.Train.Distill;

public sealed class TeacherFileTests : IDisposable
{
    private const int Seed = 42, Count = 20, Top = 4;

    private readonly TemporaryFolder folder = new();
    private readonly int[] tokens, ids;
    private readonly float[] logProbabilities;
    private readonly Dictionary<string, WeightTensor> tensors;
    private readonly Dictionary<string, string> metadata;

    public TeacherFileTests()
    {
        var teacher = new BigramTeacher(Seed);
        tokens = teacher.Text(Count);
        (ids, logProbabilities) = teacher.Top(tokens, Top);
        (tensors, metadata) = BigramTeacher.Content(tokens, [0, 7, 8], ids, logProbabilities, Top);
    }

    private string Path => folder["teacher.safetensors"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read(bool halves)
    {
        Write(halves);
        using TeacherFile teacher = TeacherFile.Open(Path);
        Assert.Equal((Count, Top, BigramTeacher.Vocabulary), (teacher.TokenCount, teacher.Top, teacher.Vocabulary));
        Assert.Equal(("fifty", "f1f7"), (teacher.Tokenizer, teacher.TokenizerHash));
        Assert.Equal([0L, 7, 8], teacher.DocumentStarts.ToArray());
        for (int start = 0; start <= Count; start++)
        {
            for (int count = 0; count <= Count - start; count++)
            {
                int[] someTokens = new int[count], someIds = new int[count * Top];
                float[] someLogs = new float[count * Top];
                ((ITrainingTokens)teacher).Read(start, someTokens);
                teacher.ReadRows(start, someIds, someLogs);
                Assert.Equal(tokens[start..(start + count)], someTokens);
                Assert.Equal(ids[(start * Top)..((start + count) * Top)], someIds);
                Assert.Equal(logProbabilities[(start * Top)..((start + count) * Top)].Select(value => halves ? (float)(Half)value : value), someLogs);
            }
        }
        Assert.Equal([0, 0, 7, 8, 8], ((long[])[0, 6, 7, 8, 19]).Select(teacher.DocumentStart));
    }

    [Fact]
    public void The_hash_tells_whether_text_or_rows_changed_and_nothing_else()
    {
        string Hash()
        {
            Write();
            using TeacherFile teacher = TeacherFile.Open(Path);
            return teacher.Hash;
        }

        var seen = new HashSet<string> { Hash() };
        metadata["gim_tokenizer"] = "another name";
        Assert.False(seen.Add(Hash()));
        for (int i = 0; i < logProbabilities.Length; i++)
            logProbabilities[i] = (float)(Half)(logProbabilities[i] - 4);
        Assert.True(seen.Add(Hash()));
        Write(halves: true);
        using (TeacherFile halves = TeacherFile.Open(Path))
            Assert.False(seen.Add(halves.Hash));
        tokens[^1] = (tokens[^1] + 1) % BigramTeacher.Vocabulary;
        tensors["tokens"] = BigramTeacher.Ints("tokens", [Count], tokens);
        Assert.True(seen.Add(Hash()));
        tensors["document_starts"] = new("document_starts", [2], MemoryMarshal.AsBytes<long>([0, 7]).ToArray(), ElementType.I64);
        Assert.True(seen.Add(Hash()));
        (ids[0], ids[1]) = (ids[1], ids[0]);
        tensors["top_ids"] = BigramTeacher.Ints("top_ids", [Count, Top], ids);
        Assert.True(seen.Add(Hash()));
        metadata["vocab_size"] = "51";
        Assert.True(seen.Add(Hash()));
    }

    [Fact]
    public void Places_outside_are_refused()
    {
        Write();
        using TeacherFile teacher = TeacherFile.Open(Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => teacher.DocumentStart(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => teacher.DocumentStart(Count));
        foreach (long start in (long[])[-1, Count, long.MaxValue, long.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => teacher.Read(start, new int[1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => teacher.ReadRows(start, new int[Top], new float[Top]));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => teacher.Read(1, new int[Count]));
        Assert.Throws<ArgumentException>(() => teacher.ReadRows(0, new int[Top - 1], new float[Top - 1]));
        Assert.Throws<ArgumentException>(() => teacher.ReadRows(0, new int[Top], new float[2 * Top]));
    }

    [Fact]
    public void One_position_and_a_whole_vocabulary_of_one_are_enough()
    {
        (Dictionary<string, WeightTensor> one, Dictionary<string, string> says) = BigramTeacher.Content([0], [0], [0], [0], 1);
        says["vocab_size"] = "1";
        SafetensorsFile.Write(Path, new WeightFile(one.Values, says));
        using TeacherFile teacher = TeacherFile.Open(Path);
        Assert.Equal((1L, 1, 1), (teacher.TokenCount, teacher.Top, teacher.Vocabulary));
    }

    /// <summary>More positions than are checked in one go, the last of them wrong.</summary>
    [Fact]
    public void Every_row_is_checked()
    {
        const int Many = 300_000;
        int[] text = new int[Many], top = new int[Many];
        float[] logs = new float[Many];
        void WriteMany() => SafetensorsFile.Write(Path, new WeightFile(BigramTeacher.Content(text, [0], top, logs, 1).Tensors.Values, metadata));
        WriteMany();
        TeacherFile.Open(Path).Dispose();
        logs[^1] = 0.5f;
        WriteMany();
        Assert.Contains($"at position {Many - 1} gives the id 0 the log-probability 0.5", Refusal(), StringComparison.Ordinal);
        (logs[^1], text[^1]) = (0, 50);
        WriteMany();
        Assert.Contains($"'tokens' has 50 at position {Many - 1}; expected ids from 0 to 49", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, -1f, "lists the id -1; expected ids from 0 to 49 (vocab_size 50)")]
    [InlineData(50, -1f, "lists the id 50; expected ids from 0 to 49 (vocab_size 50)")]
    [InlineData(null, 1e-7f, "the log-probability 1E-07; expected a finite one of at most 0")]
    [InlineData(null, float.NaN, "the log-probability NaN")]
    [InlineData(null, float.NegativeInfinity, "the log-probability -Infinity")]
    [InlineData(null, 0f, "has probabilities that sum to 1.")]
    public void A_row_that_is_none_is_refused(int? id, float logProbability, string expected)
    {
        ids[(5 * Top) + 1] = id ?? ids[(5 * Top) + 1];
        logProbabilities[(5 * Top) + 1] = logProbability;
        tensors["top_ids"] = BigramTeacher.Ints("top_ids", [Count, Top], ids);
        Write();
        Assert.StartsWith($"{Path}: the teacher's row at position 5 ", Refusal(), StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_lists_a_token_twice_is_refused()
    {
        ids[(5 * Top) + 3] = ids[5 * Top];
        tensors["top_ids"] = BigramTeacher.Ints("top_ids", [Count, Top], ids);
        Write();
        Assert.Equal($"{Path}: the teacher's row at position 5 lists the id {ids[5 * Top]} twice", Refusal());
    }

    /// <summary>Rounded log-probabilities may sum to a little more than 1.</summary>
    [Fact]
    public void A_sum_a_little_above_one_is_taken()
    {
        float quarter = (float)Math.Log(0.25);
        logProbabilities.AsSpan(0, Top).Fill(quarter + 9e-4f);
        Write();
        TeacherFile.Open(Path).Dispose();
        logProbabilities.AsSpan(0, Top).Fill(quarter + 1.1e-3f);
        Write();
        Assert.Contains("position 0 has probabilities that sum to 1.0011", Refusal(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> WrongTensors() => new()
    {
        { "tokens", "I64 [20]", "tensor 'tokens' is I64 [20]; expected I32 [n]" },
        { "tokens", "I32 [20, 1]", "tensor 'tokens' is I32 [20, 1]; expected I32 [n]" },
        { "tokens", "I32 [0]", "tensor 'tokens' is empty" },
        { "tokens", "none", "has no tensor 'tokens' (I32 [n])" },
        { "top_ids", "I32 [19, 4]", "tensor 'top_ids' is I32 [19, 4]; expected I32 [20, k], a row for each of the tokens" },
        { "top_ids", "I32 [80]", "tensor 'top_ids' is I32 [80]" },
        { "top_ids", "I64 [20, 4]", "tensor 'top_ids' is I64 [20, 4]" },
        { "top_ids", "I32 [20, 0]", "'top_ids' has 0 ids a row; expected from 1 to vocab_size, 50" },
        { "top_ids", "I32 [20, 51]", "'top_ids' has 51 ids a row" },
        { "top_ids", "none", "has no tensor 'top_ids'" },
        { "top_logprobs", "F32 [20, 3]", "tensor 'top_logprobs' is F32 [20, 3]; expected F32 or F16 [20, 4], as 'top_ids' is" },
        { "top_logprobs", "F32 [4, 20]", "tensor 'top_logprobs' is F32 [4, 20]" },
        { "top_logprobs", "I32 [20, 4]", "tensor 'top_logprobs' is I32 [20, 4]" },
        { "top_logprobs", "none", "has no tensor 'top_logprobs'" },
        { "document_starts", "I32 [3]", "tensor 'document_starts' is I32 [3]; expected I64 [m]" },
        { "document_starts", "I64 [3, 1]", "tensor 'document_starts' is I64 [3, 1]" },
        { "document_starts", "I64 [21]", "tensor 'document_starts' is I64 [21]" },
        { "document_starts", "I64 [0]", "tensor 'document_starts' is empty; expected 0 first" },
        { "document_starts", "none", "has no tensor 'document_starts'" },
    };

    [Theory, MemberData(nameof(WrongTensors))]
    public void A_tensor_that_does_not_fit_is_refused(string name, string what, string expected)
    {
        tensors.Remove(name);
        if (what != "none")
        {
            int[] shape = [.. what[(what.IndexOf('[', StringComparison.Ordinal) + 1)..^1].Split(", ").Select(int.Parse)];
            int length = shape.Aggregate(1, (a, b) => a * b);
            ElementType type = Enum.Parse<ElementType>(what.Split(' ')[0]);
            tensors[name] = type == ElementType.F32 ? new WeightTensor(name, shape, new float[length]) : new WeightTensor(name, shape, new byte[length * type.Width()], type);
        }
        Write();
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1, 5 }, "begins with 1; expected 0 first")]
    [InlineData(new long[] { 0, 5, 5 }, "has 5 after 5; expected ascending positions below 20")]
    [InlineData(new long[] { 0, 6, 5 }, "has 5 after 6")]
    [InlineData(new long[] { 0, 20 }, "has 20 after 0")]
    [InlineData(new long[] { 0, long.MinValue }, "after 0")]
    public void Documents_that_do_not_ascend_are_refused(long[] starts, string expected)
    {
        tensors["document_starts"] = new("document_starts", [starts.Length], MemoryMarshal.AsBytes(starts.AsSpan()).ToArray(), ElementType.I64);
        Write();
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab_size", null, "lacks 'vocab_size'")]
    [InlineData("vocab_size", "0", "'vocab_size' is '0'; expected a whole number of at least 1")]
    [InlineData("vocab_size", "fifty", "'vocab_size' is 'fifty'")]
    [InlineData("vocab_size", "3", "'top_ids' has 4 ids a row; expected from 1 to vocab_size, 3")]
    [InlineData("gim_tokenizer", null, "lacks 'gim_tokenizer'")]
    [InlineData("gim_tokenizer_hash", null, "lacks 'gim_tokenizer_hash'")]
    public void Metadata_that_is_missing_or_wrong_is_refused(string key, string? value, string expected)
    {
        metadata.Remove(key);
        if (value is not null) metadata[key] = value;
        Write();
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_tokenizer_is_refused()
    {
        var bytes = new ByteTokenizer();
        Write();
        using (TeacherFile teacher = TeacherFile.Open(Path))
            Assert.Contains("is of tokens of 'fifty'", Assert.Throws<InputException>(() => teacher.RequireTokenizer(bytes)).Message, StringComparison.Ordinal);
        metadata["gim_tokenizer_hash"] = bytes.Hash;
        Write();
        using (TeacherFile teacher = TeacherFile.Open(Path))
            teacher.RequireTokenizer(bytes);
        metadata["vocab_size"] = "1000";
        tokens[3] = 999;
        tensors["tokens"] = BigramTeacher.Ints("tokens", [Count], tokens);
        Write();
        using (TeacherFile teacher = TeacherFile.Open(Path))
            Assert.Contains("has the token 999", Assert.Throws<InputException>(() => teacher.RequireTokenizer(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        Write(halves: true);
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Refusal();
        }
        File.Delete(Path);
        Assert.Contains("was not found", Refusal(), StringComparison.Ordinal);
    }

    private void Write(bool halves = false) => SafetensorsFile.Write(Path, new WeightFile(tensors.Values, metadata), _ => halves);

    /// <summary>The message of a file that is refused: one line that begins with its path, and the file is closed.</summary>
    private string Refusal()
    {
        string message = Assert.Throws<InputException>(() => TeacherFile.Open(Path)).Message;
        Assert.StartsWith(Path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}

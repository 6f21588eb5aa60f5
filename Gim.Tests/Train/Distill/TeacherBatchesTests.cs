using Gim.Train.Distill;

namespace Gim.Tests.Train.Distill;

public sealed class TeacherBatchesTests : IDisposable
{
    private const int Top = 50;

    // Documents of one token, of a window, of one less and one more, and long ones.
    private static readonly int[] Lengths = [1, 6, 5, 7, 200, 3, 90];

    private static readonly DistillationShape Shape = new(Queries: 8, Keys: 20, Window: 6);

    private readonly TemporaryFolder folder = new();
    private readonly TeacherFile file;

    public TeacherBatchesTests()
    {
        new BigramTeacher(42).Write(folder["teacher.safetensors"], Lengths, Top);
        file = TeacherFile.Open(folder["teacher.safetensors"]);
    }

    public void Dispose()
    {
        file.Dispose();
        folder.Dispose();
    }

    private static (long, long)[] Whole => [.. Lengths.Select((length, i) => ((long)Lengths[..i].Sum(), (long)length))];

    private TeacherBatches Batches(DistillationShape shape, long seed = 42, params (long, long)[] stretches) => new(file, new TeacherStretches(file, stretches), shape, seed);

    private static (int[] Tokens, float[] Distances) Fill(TeacherBatches batches, DistillationShape shape, long pass)
    {
        int[] tokens = new int[shape.Tokens];
        float[] distances = new float[shape.Pairs];
        batches.Fill(pass, tokens, distances);
        return (tokens, distances);
    }

    [Fact]
    public void A_pass_follows_from_seed_and_number_alone()
    {
        TeacherBatches one = Batches(Shape, 42, Whole), other = Batches(Shape, 42, Whole), seeded = Batches(Shape, 43, Whole);
        var expected = Enumerable.Range(0, 6).Select(pass => Fill(one, Shape, pass)).ToArray();
        foreach (int pass in (int[])[5, 0, 3, 3, 1])
        {
            var (tokens, distances) = Fill(other, Shape, pass);
            Assert.Equal(expected[pass].Tokens, tokens);
            Assert.Equal(expected[pass].Distances, distances);
        }
        Assert.NotEqual(expected[0].Tokens, expected[1].Tokens);
        Assert.NotEqual(expected[0].Tokens, Fill(seeded, Shape, 0).Tokens);
    }

    /// <summary>Every window lies inside a stretch, and its distances are those of the rows at its last token.</summary>
    [Fact]
    public void Windows_stay_inside_stretches_and_have_the_teachers_distances()
    {
        int[] all = new int[file.TokenCount];
        file.Read(0, all);
        // The end of the first long document, and the beginning of the second.
        (long Start, long Length)[] stretches = [(19 + 100, 100), (222, 40)];
        TeacherBatches batches = Batches(Shape, 42, stretches);
        Assert.Equal(95 + 35, batches.Count);
        var windows = stretches.SelectMany(stretch => Enumerable.Range((int)stretch.Start, (int)stretch.Length - Shape.Window + 1))
            .ToLookup(start => string.Join(' ', all[start..(start + Shape.Window)]), start => start + Shape.Window - 1);
        for (int pass = 0; pass < 20; pass++)
        {
            var (tokens, distances) = Fill(batches, Shape, pass);
            // Windows of the same tokens end at different positions, whose rows are alike: the teacher knows one token.
            int[] positions = [.. tokens.Chunk(Shape.Window).Select(window => windows[string.Join(' ', window)].First())];
            (int[] ids, float[] logs) = Rows(positions);
            double[] expected = new double[Shape.Pairs];
            int ofQueries = Shape.Queries * Top;
            TeacherDistancesReference.Compute(
                ids.AsSpan(0, ofQueries), logs.AsSpan(0, ofQueries), ids.AsSpan(ofQueries), logs.AsSpan(ofQueries), Top, file.Vocabulary, expected);
            for (int p = 0; p < expected.Length; p++)
            {
                if (float.IsPositiveInfinity(distances[p])) Assert.Equal(positions[p / Shape.Keys], positions[Shape.Queries + p % Shape.Keys]);
                else Assert.Equal(expected[p], distances[p], 1e-6);
            }
        }
    }

    [Fact]
    public void Every_window_is_read_before_long_and_none_is_compared_with_itself()
    {
        TeacherBatches batches = Batches(Shape, 42, Whole);
        Assert.Equal(1 + 2 + 195 + 85, batches.Count);
        int[] all = new int[file.TokenCount];
        file.Read(0, all);
        var unread = new HashSet<string>(Whole.Where(one => one.Item2 >= Shape.Window)
            .SelectMany(one => Enumerable.Range((int)one.Item1, (int)one.Item2 - Shape.Window + 1)).Select(start => string.Join(' ', all[start..(start + Shape.Window)])));
        int windows = unread.Count, leftOut = 0;
        // Twice as many queries as there are windows.
        for (int pass = 0; pass < 2 * batches.Count / Shape.Queries; pass++)
        {
            var (tokens, distances) = Fill(batches, Shape, pass);
            foreach (int[] window in tokens.Chunk(Shape.Window).Take(Shape.Queries))
                unread.Remove(string.Join(' ', window));
            leftOut += distances.Count(float.IsPositiveInfinity);
        }
        Assert.True(unread.Count <= windows / 50, $"{unread.Count} of {windows} windows were not read");
        // Of the pairs about one in 283 is a position with itself.
        Assert.InRange(leftOut, 1, 100);
    }

    /// <summary>As few windows as a pass takes leave every query a key, down to the smallest pass.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(5, 2)]
    [InlineData(3, 4)]
    public void No_query_is_left_without_a_key(int queries, int keys)
    {
        var shape = new DistillationShape(queries, keys, 6);
        Assert.False(Batches(shape, 42, (19, queries + keys + 4)).IsEnough);
        for (int seed = 0; seed < 50; seed++)
        {
            TeacherBatches batches = Batches(shape, seed, (19, queries + keys + 5));
            Assert.Equal((true, queries + keys), (batches.IsEnough, (int)batches.Count));
            for (int pass = 0; pass < 20; pass++)
            {
                float[] distances = Fill(batches, shape, pass).Distances;
                Assert.All(distances.Chunk(keys), row => Assert.Contains(row, float.IsFinite));
            }
        }
    }

    [Fact]
    public void Too_little_text_and_wrong_places_are_refused()
    {
        TeacherBatches few = Batches(Shape, 42, (0, 1)), none = Batches(Shape, 42);
        Assert.Equal((0, 0), (few.Count, none.Count));
        foreach (TeacherBatches batches in (TeacherBatches[])[few, none])
            Assert.Throws<InvalidOperationException>(() => Fill(batches, Shape, 0));
        TeacherBatches enough = Batches(Shape, 42, Whole);
        Assert.Throws<ArgumentOutOfRangeException>(() => Fill(enough, Shape, -1));
        Assert.Throws<ArgumentException>(() => enough.Fill(0, new int[Shape.Tokens - 1], new float[Shape.Pairs]));
        Assert.Throws<ArgumentException>(() => enough.Fill(0, new int[Shape.Tokens], new float[Shape.Pairs + 1]));
    }

    private (int[] Ids, float[] Logs) Rows(int[] positions)
    {
        int[] ids = new int[positions.Length * Top];
        float[] logs = new float[ids.Length];
        for (int i = 0; i < positions.Length; i++)
            file.ReadRows(positions[i], ids.AsSpan(i * Top, Top), logs.AsSpan(i * Top, Top));
        return (ids, logs);
    }
}

using Gim.Evaluate;
using Gim.Train.Data;

namespace Gim.Train.Distill;

/// <summary>
/// The windows that a distillation pass compares, and the teacher's distances between the positions they end at. Which
/// they are follows from the seed and the pass's number alone, so that a run that goes on at any step reads what it would
/// have read: queries and keys each follow a golden rotation over all places where a window fits into a stretch, so that
/// they are spread evenly over the text, in a pass and over all. Nothing is allocated once the first pass was read. Used by
/// one thread at a time.
/// </summary>
internal sealed class TeacherBatches
{
    private readonly TeacherFile file;
    private readonly DistillationShape shape;
    private readonly TeacherDistances teacher;
    private readonly ulong queryStart, keyStart;

    // Windows end at the positions firstEnds[i] and on, as long as their number is below ends[i].
    private readonly long[] firstEnds, ends;
    private readonly long[] positions;
    private readonly int[] ids;
    private readonly float[] logProbabilities;

    /// <param name="file">Stays the caller's.</param>
    /// <param name="text">The stretches of it to take windows from.</param>
    /// <param name="seed">Any number.</param>
    public TeacherBatches(TeacherFile file, TeacherStretches text, DistillationShape shape, long seed)
    {
        this.file = file;
        this.shape = shape;
        teacher = new TeacherDistances(file.Vocabulary, file.Top);
        (long Start, long Length)[] fitting = [.. text.All.Where(stretch => stretch.Length >= shape.Window)];
        firstEnds = [.. fitting.Select(stretch => stretch.Start + shape.Window - 1)];
        ends = new long[fitting.Length];
        for (int i = 0; i < ends.Length; i++)
            ends[i] = Count += fitting[i].Length - shape.Window + 1;
        var random = new SeededRandom(seed);
        queryStart = random.Next();
        keyStart = random.Next();
        positions = new long[shape.Windows];
        ids = new int[checked(shape.Windows * file.Top)];
        logProbabilities = new float[ids.Length];
    }

    /// <summary>Windows that there are.</summary>
    public long Count { get; }

    /// <summary>
    /// Whether there are as many windows as a pass takes. Of fewer, a query could be left with no key but itself; of as many
    /// never, from 2 keys on: successive points of the rotation lie 0.38 of the circle apart.
    /// </summary>
    public bool IsEnough => Count >= shape.Windows;

    /// <summary>Reads a pass.</summary>
    /// <param name="pass">At least 0.</param>
    /// <param name="tokens">[queries + keys, window], the queries first.</param>
    /// <param name="distances">[queries, keys]; ∞ between a position and itself, which says nothing.</param>
    /// <exception cref="InvalidOperationException">There are not enough windows.</exception>
    public void Fill(long pass, Span<int> tokens, Span<float> distances)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        if (tokens.Length != shape.Tokens || distances.Length != shape.Pairs)
            throw new ArgumentException($"there is room for {tokens.Length} tokens and {distances.Length} distances where a pass has {shape.Tokens} and {shape.Pairs}", nameof(tokens));
        if (!IsEnough)
            throw new InvalidOperationException($"a text of {Count} windows has no pass of {shape.Windows}");
        int top = file.Top, queries = shape.Queries;
        for (int i = 0; i < positions.Length; i++)
        {
            long position = positions[i] = i < queries ? Position(queryStart, pass * queries + i) : Position(keyStart, pass * shape.Keys + i - queries);
            file.Read(position - shape.Window + 1, tokens.Slice(i * shape.Window, shape.Window));
            file.ReadRows(position, ids.AsSpan(i * top, top), logProbabilities.AsSpan(i * top, top));
        }
        int ofQueries = queries * top;
        teacher.Compute(ids.AsSpan(0, ofQueries), logProbabilities.AsSpan(0, ofQueries), ids.AsSpan(ofQueries), logProbabilities.AsSpan(ofQueries), distances);
        for (int i = 0; i < queries; i++)
        {
            for (int j = 0; j < shape.Keys; j++)
            {
                if (positions[i] == positions[queries + j]) distances[i * shape.Keys + j] = float.PositiveInfinity;
            }
        }
    }

    /// <summary>Where in the file the window of a number in a rotation ends.</summary>
    private long Position(ulong start, long number)
    {
        long window = (long)Math.BigMul(GoldenRotation.At(start, number), (ulong)Count, out _);
        int found = ends.AsSpan().BinarySearch(window);
        int stretch = found >= 0 ? found + 1 : ~found;
        return firstEnds[stretch] + window - (stretch == 0 ? 0 : ends[stretch - 1]);
    }
}

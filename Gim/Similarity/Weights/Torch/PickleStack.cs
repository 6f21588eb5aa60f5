namespace Gim.Similarity.Weights.Torch;

/// <summary>The stack of a pickle's reader: values, and marks below which nothing can be taken before the mark itself.</summary>
internal sealed class PickleStack
{
    /// <summary>Python's writer puts at most 1,000 items on the stack before it hands them to their list or dictionary.</summary>
    public const int MostValues = 1 << 16;

    private readonly List<object?> values = [];
    private readonly List<int> marks = [];

    public int Count => values.Count;

    public int Marks => marks.Count;

    /// <returns>False where the stack is full.</returns>
    public bool TryPush(object? value)
    {
        if (values.Count + marks.Count >= MostValues)
            return false;
        values.Add(value);
        return true;
    }

    /// <returns>False where the stack is full.</returns>
    public bool TryMark()
    {
        if (values.Count + marks.Count >= MostValues)
            return false;
        marks.Add(values.Count);
        return true;
    }

    /// <returns>False where nothing lies above the last mark.</returns>
    public bool TryPop(out object? value)
    {
        value = null;
        if (!TryPeek(out value))
            return false;
        values.RemoveAt(values.Count - 1);
        return true;
    }

    /// <summary>The value on top.</summary>
    /// <returns>False where nothing lies above the last mark.</returns>
    public bool TryPeek(out object? value)
    {
        bool any = values.Count > (marks.Count > 0 ? marks[^1] : 0);
        value = any ? values[^1] : null;
        return any;
    }

    /// <summary>Takes the last mark and what lies above it.</summary>
    /// <returns>False where there is no mark.</returns>
    public bool TryPopMark(out object?[] above)
    {
        above = [];
        if (marks.Count == 0)
            return false;
        int mark = marks[^1];
        above = new object?[values.Count - mark];
        values.CopyTo(mark, above, 0, above.Length);
        values.RemoveRange(mark, values.Count - mark);
        marks.RemoveAt(marks.Count - 1);
        return true;
    }
}

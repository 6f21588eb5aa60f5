using System.Numerics.Tensors;

namespace Gim.Fmri.Ridge;

/// <summary>Some of the targets, and what every fold needs to know of them alone.</summary>
internal sealed class TargetBlock
{
    /// <exception cref="InputException">A target is not a finite number somewhere.</exception>
    public TargetBlock(ITargets targets, int first, int count)
    {
        First = first;
        Values = new Matrix(targets.Rows, count);
        targets.Read(first, Values);
        FiniteValues.Require(Values, "target", first);
    }

    /// <summary>The first of the targets.</summary>
    public int First { get; }

    public int Count => Values.Columns;

    /// <summary>[rows, Count]</summary>
    public Matrix Values { get; }

    /// <summary>[Count], the sums over some rows.</summary>
    public double[] Sums(ReadOnlySpan<int> rows)
    {
        double[] sums = new double[Count], row = new double[Count];
        foreach (int index in rows)
        {
            TensorPrimitives.ConvertTruncating<float, double>(Values.Row(index), row);
            TensorPrimitives.Add(sums, row, sums);
        }
        return sums;
    }

    /// <summary>[Count], the sums over some rows of squared distances from their mean: exactly 0 for equal values.</summary>
    public double[] Squares(ReadOnlySpan<int> rows)
    {
        double[] squares = new double[Count], means = Means(rows), row = new double[Count];
        foreach (int index in rows)
        {
            TensorPrimitives.ConvertTruncating<float, double>(Values.Row(index), row);
            TensorPrimitives.Subtract(row, means, row);
            TensorPrimitives.MultiplyAdd(row, row, squares, squares);
        }
        return squares;
    }

    /// <summary>[Count], as sums of distances from the first of the rows, so that the mean of equal values is exactly that value.</summary>
    private double[] Means(ReadOnlySpan<int> rows)
    {
        double[] first = new double[Count], row = new double[Count], sums = new double[Count];
        TensorPrimitives.ConvertTruncating<float, double>(Values.Row(rows[0]), first);
        foreach (int index in rows)
        {
            TensorPrimitives.ConvertTruncating<float, double>(Values.Row(index), row);
            TensorPrimitives.Subtract(row, first, row);
            TensorPrimitives.Add(sums, row, sums);
        }
        TensorPrimitives.Divide(sums, rows.Length, sums);
        TensorPrimitives.Add(first, sums, first);
        return first;
    }

    /// <summary>[rows, Count] in doubles, less the columns' means over these rows where they are to be centred.</summary>
    public double[] Rows(ReadOnlySpan<int> rows, bool centred)
    {
        var values = new double[rows.Length * Count];
        double[] means = centred ? Means(rows) : new double[Count];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<double> to = values.AsSpan(i * Count, Count);
            TensorPrimitives.ConvertTruncating<float, double>(Values.Row(rows[i]), to);
            TensorPrimitives.Subtract(to, means, to);
        }
        return values;
    }
}

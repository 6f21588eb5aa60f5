using System.Numerics.Tensors;

namespace Gim.Fmri.Ridge;

/// <summary>Sums over some rows of features: how many, Σ x and, on and below the diagonal, Σ xᵀx.</summary>
internal sealed class FeatureSums(int columns)
{
    /// <summary>A column whose variance is this small beside its mean square is constant but for rounding.</summary>
    public const double Constant = 1e-13;

    public int Columns => columns;

    public int Count { get; private set; }

    /// <summary>[Columns]</summary>
    public double[] Sums { get; } = new double[columns];

    /// <summary>[Columns, Columns]</summary>
    public double[] Gram { get; } = new double[columns * columns];

    /// <summary>The sums over <paramref name="rows"/>.</summary>
    public static FeatureSums Of(Matrix features, ReadOnlySpan<int> rows, RowProducts products, bool single, CancellationToken cancellation)
    {
        var sums = new FeatureSums(features.Columns) { Count = rows.Length };
        products.AddGram(features, rows, sums.Gram, single, cancellation);
        double[] row = new double[features.Columns];
        foreach (int index in rows)
        {
            TensorPrimitives.ConvertTruncating<float, double>(features.Row(index), row);
            TensorPrimitives.Add(sums.Sums, row, sums.Sums);
        }
        return sums;
    }

    public void Add(FeatureSums other)
    {
        Count += other.Count;
        TensorPrimitives.Add(Sums, other.Sums, Sums);
        TensorPrimitives.Add(Gram, other.Gram, Gram);
    }

    /// <summary>The sums over this one's rows without those of <paramref name="part"/>.</summary>
    public FeatureSums Without(FeatureSums part)
    {
        var rest = new FeatureSums(columns) { Count = Count - part.Count };
        TensorPrimitives.Subtract(Sums, part.Sums, rest.Sums);
        TensorPrimitives.Subtract(Gram, part.Gram, rest.Gram);
        return rest;
    }

    /// <summary>[Columns], the columns' means.</summary>
    public double[] Means()
    {
        var means = new double[columns];
        TensorPrimitives.Divide(Sums, Count, means);
        return means;
    }

    /// <summary>Σ (x - x̄)ᵀ(x - x̄), on and below the diagonal; exactly 0 for columns that are constant.</summary>
    /// <param name="constant">[Columns], which these are.</param>
    public double[] Centred(out bool[] constant)
    {
        double[] means = Means(), centred = [.. Gram];
        constant = new bool[columns];
        for (int i = 0; i < columns; i++)
        {
            Span<double> row = centred.AsSpan(i * columns, i + 1);
            double before = row[i];
            TensorPrimitives.MultiplyAdd(means.AsSpan(0, i + 1), -Count * means[i], row, row);
            constant[i] = row[i] <= Constant * before;
        }
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (constant[i] || constant[j]) centred[i * columns + j] = 0;
            }
        }
        return centred;
    }
}

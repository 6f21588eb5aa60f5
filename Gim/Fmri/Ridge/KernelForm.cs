using System.Numerics.Tensors;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Ridge;

/// <summary>
/// (K + λ 1) a = y over the training rows, with K = X Xᵀ and w = Xᵀa: as many unknowns as rows, for features that are more.
/// </summary>
internal sealed class KernelForm : RidgeForm
{
    /// <summary>Features whose products are added in one go.</summary>
    private const int Columns = 1536;

    private readonly Matrix features;
    private readonly RowProducts products;
    private readonly bool intercept;
    private readonly int threads;
    private readonly int[] groupOfFeature;
    private readonly double[][] kernels;
    private double[] kernel;
    private double[]? gammas;

    /// <param name="groupOfFeature">[features], or empty where nothing is scaled: then there is one kernel.</param>
    public KernelForm(Matrix features, RowFolds folds, RowProducts products, bool intercept, int[] groupOfFeature, int threads, CancellationToken cancellation)
        : base(folds)
    {
        (this.features, this.products, this.intercept, this.groupOfFeature, this.threads) = (features, products, intercept, groupOfFeature, threads);
        kernels = new double[groupOfFeature.Length == 0 ? 1 : groupOfFeature.Max() + 1][];
        for (int group = 0; group < kernels.Length; group++)
        {
            kernels[group] = new double[features.Rows * features.Rows];
            AddKernel(Enumerable.Range(0, features.Columns).Where(i => groupOfFeature.Length == 0 || groupOfFeature[i] == group).ToArray(), kernels[group], cancellation);
            RidgeSystem.Mirror(features.Rows, kernels[group]);
        }
        kernel = kernels[0];
    }

    private void AddKernel(int[] columns, double[] sum, CancellationToken cancellation)
    {
        int rows = features.Rows;
        double[] part = new double[rows * Math.Min(Columns, columns.Length)];
        for (int first = 0; first < columns.Length; first += Columns)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(Columns, columns.Length - first);
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> from = features.Row(row);
                for (int i = 0; i < count; i++)
                    part[row * count + i] = from[columns[first + i]];
            }
            DoubleProduct.MultiplyByTranspose(rows, count, 1, part, count, transposeA: false, 1, sum, rows, threads);
        }
    }

    public override void Scale(ReadOnlySpan<double> gammas)
    {
        this.gammas = gammas.ToArray();
        kernel = new double[features.Rows * features.Rows];
        for (int group = 0; group < kernels.Length; group++)
            TensorPrimitives.MultiplyAdd(kernels[group], gammas[group], kernel, kernel);
    }

    public override RidgeFold Prepare(int fold, bool eigen, CancellationToken cancellation)
    {
        int[] training = TrainingRows(fold);
        int order = training.Length;
        double[] matrix = Pick(training, training);
        if (intercept)
        {
            CentreRows(matrix, order, order);
            CentreColumns(matrix, order, order);
        }
        var system = RidgeSystem.Make(eigen, order, matrix, threads, cancellation);
        HeldOutScore? score = null;
        int[] held = fold == All ? [] : Folds.HeldOut(fold).ToArray();
        if (fold != All)
        {
            double[] map = Pick(held, training);
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(map));
            if (intercept) CentreRows(map, held.Length, order);
            CentreColumns(map, held.Length, order);
            // Features that are constant there predict nothing, not even by rounding.
            if (Math.Abs(TensorPrimitives.MaxMagnitude<double>(map)) <= FeatureSums.Constant * largest)
                map.AsSpan().Clear();
            score = new HeldOutScore(system.Map(map, held.Length), held.Length, order, IsMap: true);
        }
        return new KernelFold(this, training, held) { System = system, Score = score };
    }

    public override BlockProducts Products(TargetBlock block, int first, int count, CancellationToken cancellation) => new(block);

    /// <summary>[rows, columns] of the kernel.</summary>
    private double[] Pick(int[] rows, int[] columns)
    {
        var picked = new double[rows.Length * columns.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<double> from = kernel.AsSpan(rows[i] * features.Rows, features.Rows);
            Span<double> to = picked.AsSpan(i * columns.Length, columns.Length);
            for (int j = 0; j < to.Length; j++)
                to[j] = from[columns[j]];
        }
        return picked;
    }

    /// <summary>Each row less its mean.</summary>
    private static void CentreRows(double[] matrix, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Span<double> values = matrix.AsSpan(row * columns, columns);
            TensorPrimitives.Subtract(values, TensorPrimitives.Sum<double>(values) / columns, values);
        }
    }

    /// <summary>Each column less its mean.</summary>
    private static void CentreColumns(double[] matrix, int rows, int columns)
    {
        var means = new double[columns];
        for (int row = 0; row < rows; row++)
            TensorPrimitives.Add(means, matrix.AsSpan(row * columns, columns), means);
        TensorPrimitives.Divide(means, rows, means);
        for (int row = 0; row < rows; row++)
            TensorPrimitives.Subtract(matrix.AsSpan(row * columns, columns), means, matrix.AsSpan(row * columns, columns));
    }

    private sealed class KernelFold(KernelForm form, int[] training, int[] held) : RidgeFold
    {
        // The scales when the fold was prepared.
        private readonly double[]? gammas = form.gammas;

        public override double[] RightSides(BlockProducts products) => products.Block.Rows(training, form.intercept);

        public override double[] Cross(BlockProducts products) => products.Block.Rows(held, centred: true);

        public override Matrix Weights(double[] solution, int columns, CancellationToken cancellation)
        {
            var scattered = new Matrix(form.features.Rows, columns);
            for (int i = 0; i < training.Length; i++)
                TensorPrimitives.ConvertTruncating<double, float>(solution.AsSpan(i * columns, columns), scattered.Row(training[i]));
            double[] sums = new double[form.features.Columns * columns];
            form.products.AddCross(form.features, scattered, training, sums, cancellation);
            var weights = new Matrix(form.features.Columns, columns);
            for (int i = 0; i < weights.Rows; i++)
            {
                Span<double> row = sums.AsSpan(i * columns, columns);
                if (gammas is not null)
                    TensorPrimitives.Multiply(row, gammas[form.groupOfFeature[i]], row);
                TensorPrimitives.ConvertTruncating<double, float>(row, weights.Row(i));
            }
            return weights;
        }

        public override float[] Intercepts(BlockProducts products, Matrix weights)
        {
            var intercepts = new float[weights.Columns];
            if (!form.intercept) return intercepts;
            double[] values = products.Block.Sums(training), means = new double[form.features.Columns], row = new double[Math.Max(means.Length, weights.Columns)];
            TensorPrimitives.Divide(values, training.Length, values);
            foreach (int index in training)
            {
                TensorPrimitives.ConvertTruncating<float, double>(form.features.Row(index), row);
                TensorPrimitives.Add(means, row.AsSpan(0, means.Length), means);
            }
            row = new double[weights.Columns];
            for (int i = 0; i < means.Length; i++)
            {
                TensorPrimitives.ConvertTruncating<float, double>(weights.Row(i), row);
                TensorPrimitives.MultiplyAdd(row, -means[i] / training.Length, values, values);
            }
            TensorPrimitives.ConvertTruncating<double, float>(values, intercepts);
            return intercepts;
        }
    }
}

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Two tridiagonal matrices whose vectors are known, and the rank-one matrix that joins them (Cuppen 1981). What the joint
/// hardly touches is left as it is ("deflated"); the others' new vectors are products of the old ones with those of a
/// diagonal matrix plus a rank-one matrix. Rows of Z are vectors; no row has elements beyond its own half.
/// </summary>
internal unsafe struct EigenMerge
{
    /// <summary>Scratch memory for each row: so many doubles and integers.</summary>
    public const int Doubles = 6, Integers = 4;

    /// <summary>In which columns a vector has elements.</summary>
    private const byte First = 0, Both = 1, Second = 2;

    private const double Rounding = 2.220446049250313e-16;

    public int FirstSize, SecondSize;

    /// <summary>The joint's element beside the diagonal, from which both halves' diagonals were reduced by its size.</summary>
    public double Joint;

    /// <summary>[size], eigenvalues of the halves, then of the whole, both in any order.</summary>
    public double* Values;

    /// <summary>[size, size] with <see cref="Ldz"/> elements from row to row.</summary>
    public double* Z;
    public nint Ldz;

    /// <summary>[size^2] each.</summary>
    public double* Old, Vectors;

    /// <summary>[Doubles, size] and [Integers, size].</summary>
    public double* Scratch;
    public int* Numbers;

    public void Run(int threads)
    {
        int size = FirstSize + SecondSize;
        double* z = Scratch, d = Scratch + size, weights = Scratch + 2 * size, nearby = Scratch + 3 * size, roots = Scratch + 4 * size, keys = Scratch + 5 * size;
        int* order = Numbers, kept = Numbers + size, places = Numbers + 2 * size;
        byte* types = (byte*)(Numbers + 3 * size);
        // Seen from the halves' vectors, the joint is rho z z^T with |z| = 1: the last elements of the first half's, the first ones of the second's.
        double rho = 2 * Math.Abs(Joint), factor = Math.Sqrt(0.5);
        for (int i = 0; i < size; i++)
        {
            z[i] = i < FirstSize ? factor * Z[i * Ldz + FirstSize - 1] : Math.CopySign(factor, Joint) * Z[i * Ldz + FirstSize];
            types[i] = i < FirstSize ? First : Second;
            (keys[i], order[i]) = (Values[i], i);
        }
        new Span<double>(keys, size).Sort(new Span<int>(order, size));
        int k = Deflate(size, rho, z, order, types, kept, d, weights, out int deflated);
        Gather(size, k, deflated, kept, types, places, keys, out int first, out int both);
        if (k > 0)
        {
            var problem = new RankOneVectors
            {
                K = k, D = d, Z = weights, Values = roots, Rho = rho, Square = RowSums.Dot(weights, weights, k), Vectors = Vectors, Places = places, Nearby = nearby,
            };
            RankOneVectors.Find(&problem, threads);
            new Span<double>(roots, k).CopyTo(new Span<double>(Values, k));
        }
        new Span<double>(keys, size - k).CopyTo(new Span<double>(Values + k, size - k));
        double* oldSecond = Old + (nint)(first + both) * FirstSize;
        Product(k, FirstSize, first + both, Vectors, k, Old, Z, threads);
        Product(k, SecondSize, k - first, Vectors + first, k, oldSecond, Z + FirstSize, threads);
        DoublePacking.Copy(oldSecond + (nint)(k - first) * SecondSize, size, Z + k * Ldz, Ldz, size - k, size);
    }

    private readonly void Product(int rows, int columns, int depth, double* left, int stride, double* right, double* to, int threads)
    {
        var problem = new DoubleProblem { M = rows, N = columns, K = depth, Alpha = 1, A = left, B = right, C = to, Lda = stride, Ldb = columns, Ldc = Ldz };
        DoubleProduct.Run(&problem, threads);
    }

    /// <summary>
    /// Sets aside what the joint does not change by more than rounding does: rows of hardly any weight, and one of each two
    /// with nearly the same eigenvalue, once a rotation has given all of their weight to the other.
    /// </summary>
    /// <param name="kept">[size]: the other rows by ascending eigenvalue, and from <paramref name="deflated"/> on what was set aside.</param>
    /// <returns>How many are left; their eigenvalues and weights are in <paramref name="d"/> and <paramref name="weights"/>.</returns>
    private readonly int Deflate(
        int size, double rho, double* z, int* order, byte* types, int* kept, double* d, double* weights, out int deflated)
    {
        double largest = rho;
        for (int i = 0; i < size; i++)
            largest = Math.Max(largest, Math.Abs(Values[i]));
        double allowed = 4 * Rounding * largest;
        int k = 0, held = -1;
        deflated = size;
        for (int at = 0; at < size; at++)
        {
            int row = order[at];
            if (rho * Math.Abs(z[row]) <= allowed)
            {
                kept[--deflated] = row;
                continue;
            }
            if (held >= 0)
            {
                double length = Math.Sqrt(z[row] * z[row] + z[held] * z[held]), cosine = z[row] / length, sine = -z[held] / length;
                if (Math.Abs((Values[row] - Values[held]) * cosine * sine) <= allowed)
                {
                    z[row] = length;
                    if (types[row] != types[held])
                        types[row] = types[held] = Both;
                    TridiagonalQl.Rotate(Z + held * Ldz, Z + row * Ldz, cosine, sine, size);
                    double lower = Values[held], upper = Values[row];
                    Values[held] = lower * cosine * cosine + upper * sine * sine;
                    Values[row] = lower * sine * sine + upper * cosine * cosine;
                    kept[--deflated] = held;
                }
                else
                    (kept[k], d[k], weights[k++]) = (held, Values[held], z[held]);
            }
            held = row;
        }
        if (held >= 0)
            (kept[k], d[k], weights[k++]) = (held, Values[held], z[held]);
        return k;
    }

    /// <summary>
    /// Copies the old vectors to where the products read them: the columns of the first half, then those of the second, of
    /// rows that have elements there, and the deflated rows as they are.
    /// </summary>
    /// <param name="places">[k]: where each row has come to stand.</param>
    private readonly void Gather(int size, int k, int deflated, int* kept, byte* types, int* places, double* keys, out int first, out int both)
    {
        first = both = 0;
        for (int i = 0; i < k; i++)
        {
            first += types[kept[i]] == First ? 1 : 0;
            both += types[kept[i]] == Both ? 1 : 0;
        }
        int* next = stackalloc int[3];
        (next[First], next[Both], next[Second]) = (0, first, first + both);
        double* second = Old + (nint)(first + both) * FirstSize;
        for (int i = 0; i < k; i++)
        {
            byte type = types[kept[i]];
            double* row = Z + kept[i] * Ldz;
            places[i] = next[type]++;
            if (type != Second)
                new Span<double>(row, FirstSize).CopyTo(new Span<double>(Old + (nint)places[i] * FirstSize, FirstSize));
            if (type != First)
                new Span<double>(row + FirstSize, SecondSize).CopyTo(new Span<double>(second + (nint)(places[i] - first) * SecondSize, SecondSize));
        }
        double* rest = second + (nint)(k - first) * SecondSize;
        for (int i = deflated; i < size; i++)
        {
            keys[i - deflated] = Values[kept[i]];
            new Span<double>(Z + kept[i] * Ldz, size).CopyTo(new Span<double>(rest + (nint)(i - deflated) * size, size));
        }
    }
}

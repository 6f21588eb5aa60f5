namespace Gim.Similarity.Weights;

/// <summary>
/// A matrix of floats as bytes with a scale for each row: value_vc = scale_v · byte_vc, a product of float32, so that every
/// machine reads the same bits. scale_v = max_c |value_vc| / 127 and the bytes are rounded to nearest, ties to even, which
/// puts scale_v · byte_vc no further than scale_v / 2 from the value. A row of zeros has scale 0.
/// </summary>
internal static class ScaledRows
{
    /// <summary>-128 is not written: the bytes are as symmetric as the values.</summary>
    private const int Largest = sbyte.MaxValue;

    /// <param name="values">[rows, columns], finite.</param>
    /// <param name="scales">[rows]</param>
    /// <param name="bytes">[rows, columns], signed.</param>
    public static void Round(ReadOnlySpan<float> values, int columns, Span<float> scales, Span<byte> bytes)
    {
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<float> own = values.Slice(row * columns, columns);
            double scale = scales[row] = Scale(own);
            for (int c = 0; c < columns; c++)
            {
                // A quotient of floats that is no tie is further from one than double's rounding can take it.
                double steps = scale == 0 ? 0 : Math.Round(own[c] / scale, MidpointRounding.ToEven);
                bytes[row * columns + c] = unchecked((byte)(sbyte)Math.Clamp(steps, -Largest, Largest));
            }
        }
    }

    /// <param name="bytes">[rows, columns], signed.</param>
    /// <param name="scales">[rows]</param>
    /// <param name="values">[rows, columns]</param>
    public static void Widen(ReadOnlySpan<byte> bytes, ReadOnlySpan<float> scales, int columns, Span<float> values)
    {
        for (int row = 0; row < scales.Length; row++)
        {
            float scale = scales[row];
            ReadOnlySpan<byte> own = bytes.Slice(row * columns, columns);
            Span<float> ofRow = values.Slice(row * columns, columns);
            for (int c = 0; c < ofRow.Length; c++)
                ofRow[c] = scale * unchecked((sbyte)own[c]);
        }
    }

    private static float Scale(ReadOnlySpan<float> row)
    {
        float largest = 0;
        foreach (float value in row)
            largest = MathF.Max(largest, MathF.Abs(value));
        float scale = largest / Largest;
        // Subnormal scales are coarse: the next one up reaches the largest value. At the other end rounding up may leave float32.
        if (largest > (Largest + 0.5) * scale) return MathF.BitIncrement(scale);
        return float.IsFinite(scale * Largest) ? scale : MathF.BitDecrement(scale);
    }
}

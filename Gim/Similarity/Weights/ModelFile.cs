using Gim.Config;

namespace Gim.Similarity.Weights;

/// <summary>
/// Similarity models as safetensors files. Most of a small model is its token embedding, which may lie in the file as a
/// byte a value: <c>transformer.wte.weight</c> as I8 [V, d] beside <c>transformer.wte.scale</c> [V], F32 or F16, with the
/// values scale_v · byte_vc (<see cref="ScaledRows"/>). In memory it is float32 like any other.
/// </summary>
public static class ModelFile
{
    internal const string Embedding = "transformer.wte.weight";

    internal const string EmbeddingScale = "transformer.wte.scale";

    /// <summary>Reads all tensors of a file; an embedding of bytes is widened, and its scale is no tensor any more.</summary>
    /// <exception cref="InputException">The file cannot be read, or has an embedding of bytes without a fitting scale.</exception>
    public static WeightFile Read(string path)
    {
        WeightFile file = SafetensorsFile.Read(path);
        if (!file.Contains(Embedding) || file[Embedding].Type != ElementType.I8)
            return file;
        WeightTensor widened = Widen(file[Embedding], file);
        return new WeightFile(
            file.Tensors.Where(tensor => tensor.Name != EmbeddingScale).Select(tensor => tensor.Name == Embedding ? widened : tensor),
            file.Metadata, file.Source);
    }

    /// <summary>
    /// Writes a file, whole or not at all; <see cref="Read"/> gives the tensors back, to the last bit what the chosen types
    /// hold. Wider types come first, so that every number lies at a multiple of its width.
    /// </summary>
    /// <param name="path">The file, replaced where it exists.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="embedding">Of the token embedding: F32, F16, or I8 for bytes with a scale a row.</param>
    /// <param name="rest">Of the other floats: F32 or F16. Integers stay what they are.</param>
    /// <exception cref="InputException">
    /// The place cannot be written to, a value is not finite or beyond the halves (65504), or there is no embedding.
    /// </exception>
    /// <exception cref="ArgumentException">A type is none of those, or the embedding is no matrix of floats.</exception>
    public static void Write(string path, WeightFile weights, ElementType embedding = ElementType.F32, ElementType rest = ElementType.F32)
    {
        if (embedding is not (ElementType.F32 or ElementType.F16 or ElementType.I8))
            throw new ArgumentException($"the type of the embedding is {embedding}; expected F32, F16 or I8", nameof(embedding));
        if (rest is not (ElementType.F32 or ElementType.F16))
            throw new ArgumentException($"the type of the rest is {rest}; expected F32 or F16", nameof(rest));
        WeightTensor matrix = weights[Embedding];
        if (!matrix.Type.IsFloat() || matrix.Shape.Length != 2)
            throw new ArgumentException($"tensor '{Embedding}' is {matrix.Type} [{string.Join(", ", matrix.Shape)}]; expected floats [V, d]", nameof(weights));
        foreach (WeightTensor tensor in weights.Tensors)
            CheckFinite(path, tensor);
        bool AsHalf(WeightTensor tensor) => tensor.Name switch
        {
            Embedding => embedding == ElementType.F16,
            // A scale that is rounded would spoil its whole row, to save two bytes of it.
            EmbeddingScale => false,
            _ => rest == ElementType.F16,
        };
        IEnumerable<WeightTensor> tensors = weights.Tensors;
        if (embedding == ElementType.I8)
            tensors = [.. tensors.Where(tensor => tensor != matrix), .. Round(matrix)];
        int Width(WeightTensor tensor) => tensor.Type.IsFloat() && AsHalf(tensor) ? ElementType.F16.Width() : tensor.Type.Width();
        SafetensorsFile.Write(path, new WeightFile(tensors.OrderByDescending(Width), weights.Metadata, weights.Source), AsHalf);
    }

    private static WeightTensor[] Round(WeightTensor matrix)
    {
        int rows = matrix.Shape[0], columns = matrix.Shape[1];
        float[] scales = new float[rows];
        byte[] bytes = new byte[matrix.Length];
        ScaledRows.Round(matrix.Values, columns, scales, bytes);
        return [new(EmbeddingScale, [rows], scales), new(Embedding, matrix.Shape, bytes, ElementType.I8)];
    }

    private static WeightTensor Widen(WeightTensor matrix, WeightFile file)
    {
        string where = $"{file.Source}: tensor {Quote.Of(EmbeddingScale)}", what = $"the scales of {Quote.Of(Embedding)}, which is of bytes (I8)";
        if (matrix.Shape is not [int rows, int columns])
            throw new InputException($"{file.Source}: tensor {Quote.Of(Embedding)} is I8 [{string.Join(", ", matrix.Shape)}]; expected [V, d]");
        if (!file.Contains(EmbeddingScale))
            throw new InputException($"{where} is missing: {what}; write the file again with them, or with the embedding as F32 or F16");
        WeightTensor scale = file[EmbeddingScale];
        if (!scale.Type.IsFloat() || scale.Shape is not [int length] || length != rows)
            throw new InputException($"{where} is {scale.Type} [{string.Join(", ", scale.Shape)}]; expected {what}, as F32 or F16 [{rows}]");
        int wrong = scale.Values.AsSpan().IndexOfAnyExceptInRange(0, float.MaxValue);
        if (wrong >= 0)
            throw new InputException($"{where} holds {scale.Values[wrong]:R} in row {wrong}; expected {what}, finite and not negative");
        var values = new float[matrix.Length];
        ScaledRows.Widen(matrix.IntegerBytes, scale.Values, columns, values);
        return new WeightTensor(Embedding, matrix.Shape, values);
    }

    private static void CheckFinite(string path, WeightTensor tensor)
    {
        if (!tensor.Type.IsFloat()) return;
        foreach (float value in tensor.Values)
        {
            if (!float.IsFinite(value))
                throw new InputException($"cannot write {Quote.OneLine(path)}: tensor {Quote.Of(tensor.Name)} holds {value}, which is no weight; did its training diverge?");
        }
    }
}

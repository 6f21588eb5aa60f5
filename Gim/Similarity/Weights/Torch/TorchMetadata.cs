using System.Globalization;

namespace Gim.Similarity.Weights.Torch;

/// <summary>Writes a checkpoint's <c>model_kwargs</c> as names and text, as Python's str would: True, None, 0.1.</summary>
internal sealed class TorchMetadata
{
    public const string Key = "model_kwargs";

    /// <summary>A pickle can hold one dictionary in many places; as text each place counts.</summary>
    private const int MostValues = 10_000;

    private const int Deepest = 16;

    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly string path;
    private int visited;

    private TorchMetadata(string path) => this.path = path;

    /// <summary>The numbers, truths and texts, names of nested ones joined with dots; none where the checkpoint has no model_kwargs.</summary>
    /// <exception cref="InputException">They are too many or too deep.</exception>
    public static IReadOnlyDictionary<string, string> Of(object? checkpoint, string path)
    {
        var reader = new TorchMetadata(path);
        if (checkpoint is PickledDictionary root && root.TryGetValue(Key, out object? value) && value is PickledDictionary arguments)
            reader.AddAll("", arguments, 0);
        return reader.metadata;
    }

    private void AddAll(string prefix, PickledDictionary dictionary, int depth)
    {
        foreach (var (key, value) in dictionary)
            Add(prefix + Convert.ToString(key, CultureInfo.InvariantCulture), value, depth + 1);
    }

    private void Add(string name, object? value, int depth)
    {
        if (depth > Deepest || ++visited > MostValues || name.Length > ushort.MaxValue)
            throw new InputException($"{path}: {Key} holds more than {MostValues} values or more than {Deepest} levels; {TorchCheckpoint.SaveAgain}");
        switch (value)
        {
            case PickledDictionary nested:
                AddAll(name + ".", nested, depth);
                break;
            case IList<object?> list:
                for (int i = 0; i < list.Count; i++)
                    Add($"{name}.{i}", list[i], depth + 1);
                break;
            case null: metadata[name] = "None"; break;
            case bool truth: metadata[name] = truth ? "True" : "False"; break;
            case string text: metadata[name] = text; break;
            case long or System.Numerics.BigInteger: metadata[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!; break;
            case double number: metadata[name] = Text(number); break;
        }
    }

    private static string Text(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        string text = number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }
}

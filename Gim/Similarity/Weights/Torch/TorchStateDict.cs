using Gim.Config;

namespace Gim.Similarity.Weights.Torch;

/// <summary>Finds a model's state dict in what a checkpoint holds.</summary>
internal static class TorchStateDict
{
    private const int KeysShown = 12;

    private static readonly string[] Keys = ["model", "model_state_dict", "state_dict"];

    /// <summary>What wrappers put before each name: data parallel training, and compiling.</summary>
    private static readonly string[] Prefixes = ["module.", "_orig_mod."];

    /// <summary>The tensors of the state dict: the checkpoint itself, or what stands under one of the usual keys.</summary>
    /// <exception cref="InputException">There is none, more than one, or it holds something other than tensors.</exception>
    public static List<(string Name, PickledTensor Tensor)> Find(object? checkpoint, string path)
    {
        if (checkpoint is not PickledDictionary root)
            throw new InputException($"{path} holds {Describe(checkpoint)}, not a dictionary; {TorchCheckpoint.SaveAgain}");
        string[] found = [.. Keys.Where(key => root.TryGetValue(key, out object? value) && IsStateDict(value))];
        if (found.Length > 1)
        {
            throw new InputException(
                $"{path} has more than one state dict, under {string.Join(" and ", found.Select(Quote.Of))} (its keys: {KeysOf(root)}); " +
                "save the one that is meant alone: torch.save(state_dict, path)");
        }
        if (found.Length == 0 && !IsStateDict(root))
        {
            throw new InputException(
                $"{path} has no state dict: expected tensors under one of the keys {string.Join(", ", Keys)} or at the top " +
                $"(its keys: {KeysOf(root)}); {TorchCheckpoint.SaveAgain}");
        }
        string under = found.Length == 1 ? found[0] : "";
        return Tensors(found.Length == 1 ? (PickledDictionary)root[found[0]]! : root, under, path);
    }

    private static bool IsStateDict(object? value) => value is PickledDictionary dictionary && dictionary.Values.Any(item => item is PickledTensor);

    private static List<(string Name, PickledTensor Tensor)> Tensors(PickledDictionary dictionary, string under, string path)
    {
        string where = under.Length > 0 ? $" (under {Quote.Of(under)})" : "";
        var tensors = new List<(string, PickledTensor)>(dictionary.Count);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary)
        {
            if (key is not string name || value is not PickledTensor tensor)
            {
                throw new InputException(
                    $"{path}: the state dict{where} has {Describe(value)} under {Quote.Of(Convert.ToString(key)!)}, where tensors stand; " +
                    TorchCheckpoint.SaveAgain);
            }
            string bare = WithoutPrefixes(name);
            if (!names.TryAdd(bare, name))
            {
                throw new InputException(
                    $"{path}: the state dict{where} has both {Quote.Of(names[bare])} and {Quote.Of(name)}, " +
                    "which are one name without what wrappers add; keep one of them");
            }
            tensors.Add((bare, tensor));
        }
        return tensors;
    }

    private static string WithoutPrefixes(string name)
    {
        int start = 0;
        while (Prefixes.FirstOrDefault(prefix => name.AsSpan(start).StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
            start += prefix.Length;
        return name[start..];
    }

    private static string KeysOf(PickledDictionary root)
    {
        if (root.Count == 0)
            return "none";
        string more = root.Count > KeysShown ? $" and {root.Count - KeysShown} more" : "";
        return string.Join(", ", root.Keys.Take(KeysShown).Select(key => Quote.Of(Convert.ToString(key)!))) + more;
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickledTensor => "a tensor",
        PickledDictionary => "a dictionary",
        List<object?> or object?[] => "a list",
        string => "text",
        byte[] => "bytes",
        bool or long or double or System.Numerics.BigInteger => "a number",
        _ => "something else",
    };
}

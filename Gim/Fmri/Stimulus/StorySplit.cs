using System.Text.Json;
using Gim.Config;

namespace Gim.Fmri.Stimulus;

/// <summary>Which stories models are fitted on and which they are tested on.</summary>
/// <param name="Train">In the order of <c>split.json</c>.</param>
/// <param name="Test">Likewise.</param>
internal sealed record StorySplit(IReadOnlyList<string> Train, IReadOnlyList<string> Test)
{
    private const string Expected = "a split.json, {\"train\": [\"story\", ...], \"test\": [...]}";

    /// <summary>The stories for fitting, then those for testing.</summary>
    public IEnumerable<string> All => Train.Concat(Test);

    /// <exception cref="InputException">The file cannot be read, or a story is in it twice.</exception>
    public static StorySplit Read(string path)
    {
        using JsonDocument json = DataFile.ReadJson(path, Expected);
        path = Quote.OneLine(path);
        var split = new StorySplit(Names(json.RootElement, "train", path), Names(json.RootElement, "test", path));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string story in split.All)
        {
            if (!seen.Add(story))
                throw new InputException($"{path}: the story {Quote.Of(story)} stands there twice; a story is either for fitting or for testing");
        }
        return split;
    }

    /// <summary>All stories but those named are for fitting.</summary>
    /// <exception cref="InputException">A named story is not there.</exception>
    public static StorySplit Of(IReadOnlyCollection<string> stories, IReadOnlyList<string> test)
    {
        foreach (string story in test)
        {
            if (!stories.Contains(story))
            {
                string advice = NearestName.Of(story, stories) is { } near ? $"; is '{Quote.Shorten(near)}' meant?" : "; name one of the stories that are there";
                throw new InputException($"there is no test story {Quote.Of(story)}{advice}");
            }
        }
        return new StorySplit([.. stories.Except(test).Order(StringComparer.Ordinal)], [.. test.Distinct()]);
    }

    /// <summary>The stories of both parts that are in <paramref name="there"/>.</summary>
    public StorySplit Where(Func<string, bool> there) => new([.. Train.Where(there)], [.. Test.Where(there)]);

    private static string[] Names(JsonElement root, string part, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(part, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            throw new InputException($"{path} has no list \"{part}\"; expected {Expected}");
        var names = new List<string>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            string? name = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            // Names become names of files: none may lead out of the folder.
            if (string.IsNullOrWhiteSpace(name) || name is "." or ".." || name.IndexOfAny(['/', '\\', '\0']) >= 0)
                throw new InputException($"{path}: \"{part}\" holds {Quote.Of(item.GetRawText())}, which is no name of a story; expected {Expected}");
            names.Add(name);
        }
        return [.. names];
    }
}

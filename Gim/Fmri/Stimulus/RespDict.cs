using System.Text.Json;
using Gim.Config;

namespace Gim.Fmri.Stimulus;

/// <summary>How many TRs the scan of each story took: ds003020's <c>respdict.json</c>, <c>{story: TRs}</c>.</summary>
internal sealed class RespDict
{
    private const string Expected = "a respdict.json, {\"story\": number of TRs, ...}";

    private readonly string path;
    private readonly Dictionary<string, int> trs;

    private RespDict(string path, Dictionary<string, int> trs)
    {
        this.path = path;
        this.trs = trs;
    }

    /// <summary>The stories it tells of.</summary>
    public IReadOnlyCollection<string> Stories => trs.Keys;

    /// <exception cref="InputException">The file cannot be read or holds something else.</exception>
    public static RespDict Read(string path)
    {
        using JsonDocument json = DataFile.ReadJson(path, Expected);
        path = Quote.OneLine(path);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new InputException($"{path} holds no JSON object; expected {Expected}");
        var trs = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty story in json.RootElement.EnumerateObject())
        {
            if (story.Value.ValueKind != JsonValueKind.Number || !story.Value.TryGetInt32(out int count) || count < 0)
                throw new InputException($"{path}: {Quote.Of(story.Name)} has {Quote.Of(story.Value.GetRawText())} TRs; expected {Expected}");
            if (!trs.TryAdd(story.Name, count))
                throw new InputException($"{path}: {Quote.Of(story.Name)} stands there twice; expected {Expected}");
        }
        return new RespDict(path, trs);
    }

    /// <summary>TRs of a story's scan, before anything is trimmed.</summary>
    /// <exception cref="InputException">The story is not among them.</exception>
    public int Trs(string story)
    {
        if (trs.TryGetValue(story, out int count))
            return count;
        string advice = NearestName.Of(story, trs.Keys) is { } near ? $"is '{Quote.Shorten(near)}' meant?" : "add its number of TRs, or leave the story out";
        throw new InputException($"{path} has no story {Quote.Of(story)}; {advice}");
    }
}

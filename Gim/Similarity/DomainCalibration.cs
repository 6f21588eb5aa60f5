using System.Globalization;
using System.Text.Json;

namespace Gim.Similarity;

/// <summary>What suits one kind of text best, chosen on held-out text of that kind.</summary>
/// <param name="Temperature">T of the cosine distance.</param>
/// <param name="MatchBonus">As <see cref="SimilarityConfiguration.MatchBonus"/>.</param>
/// <param name="Recency">As <see cref="SimilarityConfiguration.Recency"/>.</param>
/// <param name="Threshold">GIM's τ; null where it was not chosen.</param>
public sealed record DomainCalibration(double Temperature, double MatchBonus, double Recency, int? Threshold)
{
    /// <summary>As the metadata of a file holds it: one JSON object, domain by domain.</summary>
    internal static string Write(IReadOnlyDictionary<string, DomainCalibration> domains)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var (name, domain) in domains.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(name);
                json.WriteNumber("temperature", domain.Temperature);
                json.WriteNumber("matchBonus", domain.MatchBonus);
                json.WriteNumber("recency", domain.Recency);
                if (domain.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <exception cref="FormatException">The text is no such object.</exception>
    internal static IReadOnlyDictionary<string, DomainCalibration> Read(string text)
    {
        var domains = new SortedDictionary<string, DomainCalibration>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonProperty domain in document.RootElement.EnumerateObject())
            {
                double temperature = domain.Value.GetProperty("temperature").GetDouble();
                double bonus = domain.Value.GetProperty("matchBonus").GetDouble(), recency = domain.Value.GetProperty("recency").GetDouble();
                int? threshold = domain.Value.TryGetProperty("threshold", out JsonElement value) ? value.GetInt32() : null;
                if (!(temperature is >= SimilarityConfiguration.LowestTemperature and <= SimilarityConfiguration.HighestTemperature)
                    || !(bonus is >= 0 and <= SimilarityConfiguration.HighestMatchBonus) || !(recency is >= 0 and <= SimilarityConfiguration.HighestRecency) || threshold < 0)
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{domain.Name}' has a value outside its range"));
                domains.Add(domain.Name, new DomainCalibration(temperature, bonus, recency, threshold));
            }
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(problem.Message, problem);
        }
        return domains;
    }
}

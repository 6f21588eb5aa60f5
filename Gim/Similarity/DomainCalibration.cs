using System.Globalization;
using System.Text.Json;

namespace Gim.Similarity;

/// <summary>What suits one kind of text best, chosen on held-out text of that kind.</summary>
/// <param name="Temperature">T of the cosine distance.</param>
/// <param name="Threshold">GIM's τ; null where it was not chosen.</param>
public sealed record DomainCalibration(double Temperature, int? Threshold)
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
                int? threshold = domain.Value.TryGetProperty("threshold", out JsonElement value) ? value.GetInt32() : null;
                if (!(temperature is >= SimilarityConfiguration.LowestTemperature and <= SimilarityConfiguration.HighestTemperature) || threshold < 0)
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{domain.Name}' has temperature {temperature} and threshold {threshold}"));
                domains.Add(domain.Name, new DomainCalibration(temperature, threshold));
            }
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(problem.Message, problem);
        }
        return domains;
    }
}

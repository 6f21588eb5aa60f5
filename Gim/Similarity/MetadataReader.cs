using System.Globalization;

namespace Gim.Similarity;

/// <summary>Values of a file's metadata, each with a message of its own where it cannot be used.</summary>
internal sealed class MetadataReader(IReadOnlyDictionary<string, string> metadata, string path)
{
    public bool Has(string key) => metadata.ContainsKey(key);

    public int Integer(string key, int minimum, int maximum)
        => int.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(key, maximum == int.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}");

    public double Number(string key)
        => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw Wrong(key, "a number");

    public bool Flag(string key) => Text(key) switch
    {
        "True" or "true" => true,
        "False" or "false" => false,
        _ => throw Wrong(key, "True or False"),
    };

    public string OneOf(string key, string[] names) => names.Contains(Text(key)) ? Text(key) : throw Wrong(key, $"one of {string.Join(", ", names)}");

    public IReadOnlyDictionary<string, DomainCalibration> Domains(string key)
    {
        try
        {
            return DomainCalibration.Read(Text(key));
        }
        catch (FormatException)
        {
            throw Wrong(key, "an object with a temperature, and perhaps a threshold, for each kind of text");
        }
    }

    private string Text(string key) => metadata.TryGetValue(key, out string? value)
        ? value
        : throw new InputException($"{path}: the metadata lacks '{key}', which the similarity model needs; was the file written by Gim or the published training script?");

    private InputException Wrong(string key, string expected)
    {
        const int enough = 40;
        string found = Text(key).Length <= enough ? Text(key) : $"{Text(key)[..enough]}...";
        return new InputException($"{path}: the metadata's '{key}' is '{found.ReplaceLineEndings(" ")}'; expected {expected}");
    }
}

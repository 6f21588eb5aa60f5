using System.Globalization;
using System.Text;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Stimulus;

/// <summary>TextGrids as Praat writes them.</summary>
internal static class TextGridText
{
    public static string Long(params (string Name, TextGridInterval[] Intervals)[] tiers)
    {
        var text = new StringBuilder("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = 50 \ntiers? <exists> \n");
        text.Append(CultureInfo.InvariantCulture, $"size = {tiers.Length} \nitem []: \n");
        for (int i = 0; i < tiers.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    item [{i + 1}]:\n        class = \"IntervalTier\" \n        name = {Quoted(tiers[i].Name)} \n");
            text.Append(CultureInfo.InvariantCulture, $"        xmin = 0 \n        xmax = 50 \n        intervals: size = {tiers[i].Intervals.Length} \n");
            for (int j = 0; j < tiers[i].Intervals.Length; j++)
            {
                TextGridInterval interval = tiers[i].Intervals[j];
                text.Append(CultureInfo.InvariantCulture, $"        intervals [{j + 1}]:\n            xmin = {interval.Start:R} \n");
                text.Append(CultureInfo.InvariantCulture, $"            xmax = {interval.End:R} \n            text = {Quoted(interval.Text)} \n");
            }
        }
        return text.ToString();
    }

    public static string Short(params (string Name, TextGridInterval[] Intervals)[] tiers)
    {
        var text = new StringBuilder("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n50\n<exists>\n");
        text.Append(CultureInfo.InvariantCulture, $"{tiers.Length}\n");
        foreach (var (name, intervals) in tiers)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"IntervalTier\"\n{Quoted(name)}\n0\n50\n{intervals.Length}\n");
            foreach (TextGridInterval interval in intervals)
                text.Append(CultureInfo.InvariantCulture, $"{interval.Start:R}\n{interval.End:R}\n{Quoted(interval.Text)}\n");
        }
        return text.ToString();
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

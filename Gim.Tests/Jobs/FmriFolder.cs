using System.Globalization;
using System.Text;
using Gim.Evaluate;
using Gim.Fmri;
using Gim.Fmri.Stimulus;
using Gim.Tests.Fmri.Responses;
using Gim.Tests.Fmri.Stimulus;

namespace Gim.Tests.Jobs;

/// <summary>A small folder laid out as ds003020: six stories to fit on, two to test on, two subjects, of whom the first answers to the labels.</summary>
internal static class FmriFolder
{
    public const int Targets = 6, Kept = 40;

    public const string Config = """
        {
          "task": "fmri",
          "device": "cpu",
          "dataset": {"kind": "ds003020", "path": "data"},
          "features": ["labels"],
          "matches": [{"kind": "in-story"}, {"kind": "cross-story"}],
          "wrongTexts": 2, "gaps": [1, 5], "permutations": 50, "bootstrapSamples": 50,
          "output": "runs/fmri"
        }
        """;

    private const int Labels = 3;

    private static readonly string[] Words = ["the", "river", "stone", "bird", "sings", "forest", "light", "water", "walk", "home"];

    public static IReadOnlyList<string> Training { get; } = ["a", "b", "c", "d", "e", "f"];

    public static IReadOnlyList<string> Test { get; } = ["y", "z"];

    public static void Write(string folder)
    {
        int scanned = Kept + TrGrid.Untold;
        string[] all = [.. Training, .. Test];
        Text(folder, "derivative/respdict.json", $"{{{string.Join(", ", all.Select(story => $"\"{story}\": {scanned}"))}}}");
        Text(folder, "split.json", $"{{\"train\": [{Quoted(Training)}], \"test\": [{Quoted(Test)}]}}");
        Matrix weights = Normal(Labels, Targets, 99);
        for (int i = 0; i < all.Length; i++)
        {
            var random = new SeededRandom(i + 1);
            TextGridInterval[] words = [.. Enumerable.Range(0, 180).Select(w => new TextGridInterval(Words[random.Below(Words.Length)], 0.5 * w, 0.5 * w + 0.4))];
            Text(folder, $"derivative/TextGrids/{all[i]}.TextGrid", TextGridText.Long(("phone", []), ("word", words)));
            Matrix labels = Normal(Kept, Labels, 100 + i);
            var csv = new StringBuilder("place,person,number\n");
            for (int row = 0; row < Kept; row++)
                csv.AppendJoin(',', Enumerable.Range(0, Labels).Select(c => labels[row, c].ToString("R", CultureInfo.InvariantCulture))).Append('\n');
            Text(folder, $"labels/{all[i]}.csv", csv.ToString());
            Matrix responses = Normal(Kept, Targets, 200 + i), noise = Normal(Kept, Targets, 300 + i);
            for (int row = 2; row < Kept; row++)
            {
                for (int target = 0; target < Targets; target++)
                {
                    for (int c = 0; c < Labels; c++)
                        responses[row, target] += labels[row - 2, c] * weights[c, target];
                }
            }
            TestResponses.WriteHdf<double>(Response(folder, "S1", all[i]), responses, "contiguous", []);
            TestResponses.WriteHdf<float>(Response(folder, "S2", all[i]), noise, "packed", [8, 2]);
        }
    }

    public static string Response(string folder, string subject, string story)
    {
        string path = Path.Combine(folder, "derivative", "preprocessed_data", subject, story + ".hf5");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public static Matrix Normal(int rows, int columns, long seed)
    {
        var matrix = new Matrix(rows, columns);
        new GaussianRandom(seed).Fill(matrix.Values, 1);
        return matrix;
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));

    private static void Text(string folder, string path, string text)
    {
        string place = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, text);
    }
}

using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>
/// Where in the story a TR is, blind to what is said: for row i of T, exp(-i/a) for a = 2, 5, 10, 20, 50, and i/T. Standardised
/// within the story and scaled by 3; not delayed. A control: what these explain is no language.
/// </summary>
internal sealed class PositionFeatures : IStoryFeatures
{
    private const float Scale = 3;

    private static readonly double[] Decays = [2, 5, 10, 20, 50];

    /// <summary>How many values a row has.</summary>
    public static int Columns => Decays.Length + 1;

    public string Name => "position";

    public bool IsDelayed => false;

    public Matrix Of(Story story) => Of(story.Grid.Kept);

    /// <summary>Of a story of so many rows: the story itself does not matter.</summary>
    /// <returns>[count, 6]</returns>
    public static Matrix Of(int count)
    {
        var rows = new Matrix(count, Columns);
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int c = 0; c < Decays.Length; c++)
                rows[i, c] = (float)Math.Exp(-i / Decays[c]);
            rows[i, Decays.Length] = (float)i / rows.Rows;
        }
        Standardization.Columns(rows);
        foreach (ref float value in rows.Values.AsSpan())
            value *= Scale;
        return rows;
    }
}

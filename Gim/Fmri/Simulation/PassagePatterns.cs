using Gim.Evaluate;

namespace Gim.Fmri.Simulation;

/// <summary>
/// What a passage evokes beside its features: for each of its words a point that wanders at random, a little from word to
/// word. The same whenever the passage is told, and told by nothing but the passage itself.
/// </summary>
internal sealed class PassagePatterns(long seed, int dimensions)
{
    /// <summary>How much a word's point has of the one before.</summary>
    private const double Memory = 0.8;

    /// <summary>The points of a passage's words.</summary>
    /// <returns>[words, dimensions], each of mean 0 and deviation 1.</returns>
    public Matrix Of(Passage passage)
    {
        var points = new Matrix(passage.Words.Count, dimensions);
        new GaussianRandom(RandomPart.Pattern.Seed(seed, passage.Number)).Fill(points.Values, 1);
        double fresh = Math.Sqrt(1 - Memory * Memory);
        for (int word = 1; word < points.Rows; word++)
        {
            for (int d = 0; d < dimensions; d++)
                points[word, d] = (float)(Memory * points[word - 1, d] + fresh * points[word, d]);
        }
        return points;
    }

    /// <summary>The points of the words that start in each TR, added up.</summary>
    /// <returns>[TRs before trimming, dimensions]</returns>
    public Matrix Of(ToldStory story)
    {
        var rows = new Matrix(story.Grid.Count, dimensions);
        foreach (Telling telling in story.Tellings)
        {
            Matrix points = Of(telling.Passage);
            for (int i = 0; i < telling.Count; i++)
            {
                Span<float> row = rows.Row(story.Grid.TrAt(story.Words[telling.FirstWord + i].Start));
                for (int d = 0; d < dimensions; d++)
                    row[d] += points[i, d];
            }
        }
        return rows;
    }
}

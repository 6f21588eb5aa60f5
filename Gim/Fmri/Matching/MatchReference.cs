namespace Gim.Fmri.Matching;

/// <summary>The definitions of the matches: every weight by its formula, in doubles.</summary>
internal static class MatchReference
{
    /// <summary>[rows, rows], the weights of <see cref="InStoryMatch"/>; rows of no story have none.</summary>
    public static double[,] InStory(Matrix keys, IReadOnlyList<StoryRows> stories, InStoryRule rule)
    {
        var weights = new double[keys.Rows, keys.Rows];
        foreach (StoryRows story in stories)
        {
            for (int t = rule.Gap; t < story.Count; t++)
            {
                int row = story.Start + t;
                int[] candidates = [.. Enumerable.Range(story.Start, t - rule.Gap + 1)];
                // The sort is stable: of equal candidates the earlier one.
                int[] chosen = rule.Nearest == 0 ? candidates : [.. candidates.OrderByDescending(s => Cosine(keys, row, keys, s)).Take(rule.Nearest)];
                double largest = chosen.Max(s => Cosine(keys, row, keys, s));
                foreach (int s in chosen)
                    weights[row, s] = rule.Nearest == 0 ? Math.Exp((Cosine(keys, row, keys, s) - largest) / rule.Temperature) : 1;
                double sum = chosen.Sum(s => weights[row, s]);
                foreach (int s in chosen)
                    weights[row, s] /= sum;
            }
        }
        return weights;
    }

    /// <summary>[rows, rows], the weights of <see cref="ContrastMatch"/>.</summary>
    public static double[,] Contrast(Matrix keys, IReadOnlyList<StoryRows> stories, IReadOnlyList<StoryRows> training, InStoryRule rule)
    {
        double[,] weights = InStory(keys, stories, rule), ofTraining = InStory(keys, training, rule);
        int longest = Math.Max(stories.Max(story => story.Count), training.Max(story => story.Count));
        var profile = new double[longest];
        for (int lag = rule.Gap; lag < longest; lag++)
        {
            double sum = 0, rows = 0;
            foreach (StoryRows story in training)
            {
                for (int t = lag; t < story.Count; t++, rows++)
                    sum += ofTraining[story.Start + t, story.Start + t - lag];
            }
            profile[lag] = rows == 0 ? 0 : sum / rows;
        }
        foreach (StoryRows story in stories)
        {
            for (int t = rule.Gap; t < story.Count; t++)
            {
                double sum = 0;
                for (int lag = rule.Gap; lag <= t; lag++)
                    sum += profile[lag];
                for (int lag = rule.Gap; lag <= t && sum > 0; lag++)
                    weights[story.Start + t, story.Start + t - lag] -= profile[lag] / sum;
            }
        }
        return weights;
    }

    /// <summary>[rows, memory rows], the weights of <see cref="CrossStoryMatch"/>.</summary>
    public static double[,] CrossStory(Matrix memoryKeys, int[] memoryFolds, Matrix keys, int[] folds, double temperature, int[]? standIns = null, int[]? memoryStories = null)
    {
        var weights = new double[keys.Rows, memoryKeys.Rows];
        for (int row = 0; row < keys.Rows; row++)
        {
            int own = folds[row], standIn = standIns?[row] ?? CrossStoryMatch.NoFold;
            int[] seen = [.. Enumerable.Range(0, memoryKeys.Rows).Where(s => (own == CrossStoryMatch.NoFold || memoryFolds[s] != own) && (standIn == CrossStoryMatch.NoFold || (memoryStories ?? memoryFolds)[s] != standIn))];
            if (seen.Length == 0) continue;
            double largest = seen.Max(s => Cosine(keys, row, memoryKeys, s));
            foreach (int s in seen)
                weights[row, s] = Math.Exp((Cosine(keys, row, memoryKeys, s) - largest) / temperature);
            double sum = seen.Sum(s => weights[row, s]);
            foreach (int s in seen)
                weights[row, s] /= sum;
        }
        return weights;
    }

    /// <summary>[rows][value columns], Σ_s weight_s values_s.</summary>
    public static double[][] Values(double[,] weights, Matrix values)
    {
        var matched = new double[weights.GetLength(0)][];
        for (int row = 0; row < matched.Length; row++)
        {
            matched[row] = new double[values.Columns];
            for (int s = 0; s < values.Rows; s++)
            {
                for (int column = 0; column < values.Columns; column++)
                    matched[row][column] += weights[row, s] * values[s, column];
            }
        }
        return matched;
    }

    /// <summary>0 where a row is zero.</summary>
    private static double Cosine(Matrix a, int rowA, Matrix b, int rowB)
    {
        double aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < a.Columns; i++)
        {
            aa += (double)a[rowA, i] * a[rowA, i];
            bb += (double)b[rowB, i] * b[rowB, i];
            ab += (double)a[rowA, i] * b[rowB, i];
        }
        return aa > 0 && bb > 0 ? ab / (Math.Sqrt(aa) * Math.Sqrt(bb)) : 0;
    }
}

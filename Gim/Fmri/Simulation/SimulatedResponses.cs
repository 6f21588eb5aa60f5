using System.Numerics.Tensors;
using Gim.Fmri.Features;

namespace Gim.Fmri.Simulation;

/// <summary>A simulated story's responses and what they are made of; all [TRs after trimming, targets].</summary>
/// <param name="Features">What labels and word rate evoke, scaled to its share of the variance over all stories.</param>
/// <param name="Patterns">What the passages' own patterns evoke, likewise.</param>
/// <param name="Trials">Each hearing: the two and noise, z-scored.</param>
/// <param name="Mean">Of the hearings, z-scored again; the only one where there is one.</param>
internal sealed record StoryResponses(Matrix Features, Matrix Patterns, IReadOnlyList<Matrix> Trials, Matrix Mean);

/// <summary>Makes responses out of features, patterns and noise, each in its share of the variance.</summary>
internal static class SimulatedResponses
{
    /// <param name="stories">Labels of all TRs of each story, and how often it is heard.</param>
    /// <param name="threads">The most threads to use; they change nothing in the result.</param>
    public static StoryResponses[] Of(
        SimulationSettings settings, IReadOnlyList<(ToldStory Story, Matrix Labels, int Trials)> stories, int threads, CancellationToken cancellation)
    {
        if (stories.Count == 0)
            return [];
        double seconds = stories[0].Story.Grid.Seconds;
        var signal = new SimulatedSignal(settings, stories[0].Labels.Columns + 1, seconds);
        var patterns = new PassagePatterns(settings.Seed, settings.PatternDimensions);
        var noise = new ScannerNoise(settings.NoiseMemory, settings.DriftShare, seconds);
        double noiseSize = Math.Sqrt(1 - settings.FeatureShare - settings.InductionShare);
        Matrix[] ofFeatures = new Matrix[stories.Count], ofPatterns = new Matrix[stories.Count];
        var responses = new StoryResponses[stories.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, stories.Count, options, i =>
        {
            ToldStory story = stories[i].Story;
            ofFeatures[i] = Centred(story.Grid.Trim(signal.OfFeatures(Features(story, stories[i].Labels))));
            ofPatterns[i] = Centred(story.Grid.Trim(signal.OfPatterns(patterns.Of(story))));
        });
        Scale(ofFeatures, settings.FeatureShare);
        Scale(ofPatterns, settings.InductionShare);
        Parallel.For(0, stories.Count, options, i =>
        {
            var trials = new Matrix[stories[i].Trials];
            var mean = new Matrix(ofFeatures[i].Rows, settings.Targets);
            for (int trial = 0; trial < trials.Length; trial++)
            {
                Matrix heard = noise.Draw(mean.Rows, settings.Targets, RandomPart.Noise.Seed(settings.Seed, i, trial));
                TensorPrimitives.Multiply(heard.Values, (float)noiseSize, heard.Values);
                TensorPrimitives.Add(heard.Values, ofFeatures[i].Values, heard.Values);
                TensorPrimitives.Add(heard.Values, ofPatterns[i].Values, heard.Values);
                Standardization.Columns(heard);
                TensorPrimitives.Add(mean.Values, heard.Values, mean.Values);
                trials[trial] = heard;
            }
            Standardization.Columns(mean);
            responses[i] = new StoryResponses(ofFeatures[i], ofPatterns[i], trials, mean);
        });
        return responses;
    }

    /// <summary>Word rate and labels of all TRs, standardised by the rows that remain, as regression will see them.</summary>
    private static Matrix Features(ToldStory story, Matrix labels)
    {
        var features = new Matrix(labels.Rows, labels.Columns + 1);
        foreach (var word in story.Words)
            features[story.Grid.TrAt(word.Start), 0]++;
        for (int tr = 0; tr < labels.Rows; tr++)
            labels.Row(tr).CopyTo(features.Row(tr)[1..]);
        Matrix kept = story.Grid.Trim(features);
        for (int column = 0; column < features.Columns; column++)
        {
            double mean = 0, squares = 0;
            for (int row = 0; row < kept.Rows; row++)
                mean += kept[row, column] / (double)kept.Rows;
            for (int row = 0; row < kept.Rows; row++)
                squares += (kept[row, column] - mean) * (kept[row, column] - mean);
            double deviation = Math.Sqrt(squares / kept.Rows);
            for (int tr = 0; tr < features.Rows; tr++)
                features[tr, column] = deviation > 0 ? (float)((features[tr, column] - mean) / deviation) : 0;
        }
        return features;
    }

    /// <summary>Takes each column's mean off, in place.</summary>
    private static Matrix Centred(Matrix rows)
    {
        var means = new float[rows.Columns];
        for (int row = 0; row < rows.Rows; row++)
            TensorPrimitives.Add(means, rows.Row(row), means);
        TensorPrimitives.Divide(means, rows.Rows, means);
        for (int row = 0; row < rows.Rows; row++)
            TensorPrimitives.Subtract(rows.Row(row), means, rows.Row(row));
        return rows;
    }

    /// <summary>Gives each target the same variance over the rows of all stories; what is constant stays so.</summary>
    private static void Scale(Matrix[] stories, double variance)
    {
        var squares = new double[stories[0].Columns];
        long rows = 0;
        foreach (Matrix story in stories)
        {
            rows += story.Rows;
            for (int i = 0; i < story.Values.Length; i++)
                squares[i % squares.Length] += (double)story.Values[i] * story.Values[i];
        }
        float[] scales = [.. squares.Select(sum => sum > 0 ? (float)Math.Sqrt(variance * rows / sum) : 0)];
        foreach (Matrix story in stories)
        {
            for (int row = 0; row < story.Rows; row++)
                TensorPrimitives.Multiply(story.Row(row), scales, story.Row(row));
        }
    }
}

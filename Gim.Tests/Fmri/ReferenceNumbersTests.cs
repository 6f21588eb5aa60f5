using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;
using Gim.Fmri.Scores;
using Gim.Fmri.Stimulus;
using Gim.Kernels.Devices;
using Gim.Progress;

namespace Gim.Tests.Fmri;

/// <summary>Real recordings score what another implementation scored on them.</summary>
public class ReferenceNumbersTests
{
    /// <summary>Columns of the responses that matches lend.</summary>
    private const int ValueColumns = 100;

    [SharedDataTheory]
    [InlineData("UTS01", 0.1003, 0.246, 0.1281, 0.1910, 0.2877, 0.1035, 0.0995, 0.0992, 0.0994)]
    [InlineData("UTS03", 0.1861, 0.351, 0.2175, 0.2777, 0.4603, 0.1855, 0.1868, 0.1853, 0.1834)]
    public void Labels_and_matches_score_what_they_did_elsewhere(
        string subject, double labels, double labelsTop10, double position, double past, double nearest1, double nearest5, double contrast, double wrongText,
        double crossStory)
    {
        using var recording = new Recording(subject);
        ScoreSummary own = recording.Score();
        Assert.Equal(labels, own.Mean, 0.002);
        Assert.Equal(labelsTop10, own.MeanTop10, 0.002);
        Assert.Equal(position, recording.Score(Controls.Position(recording.Values.Rows, recording.Stories)).Mean, 0.002);
        Assert.Equal(past, recording.Score(recording.Standardized(Controls.Autoregressive(recording.Values, recording.Stories, 5), 1)).Mean, 0.002);
        Matrix keys = recording.Keys();
        Assert.Equal(nearest1, recording.Score(Nearest(1)).Mean, 0.004);
        Assert.Equal(nearest5, recording.Score(Nearest(5)).Mean, 0.004);
        Assert.Equal(contrast, recording.Score(Contrast(keys)).Mean, 0.003);
        Assert.Equal(wrongText, recording.Score(Contrast(Controls.OtherStories(keys, recording.Stories, 1))).Mean, 0.003);
        Assert.Equal(crossStory, recording.Score(recording.CrossStory(keys)).Mean, 0.003);

        Matrix Nearest(int gap) => recording.Standardized(InStoryMatch.Run(keys, recording.Values, recording.Stories, new InStoryRule { Gap = gap }).Values, 1);

        Matrix Contrast(Matrix some) => recording.Standardized(
            ContrastMatch.Run(some, recording.Values, recording.Stories, LagProfile.Fit(some, recording.Training, ContrastMatch.Rule), ContrastMatch.Rule).Values, 1);
    }

    /// <summary>A subject's responses with the labels of the stories, training rows before test rows.</summary>
    private sealed class Recording : IDisposable
    {
        private readonly Device device = DeviceCatalog.Open("cpu");
        private readonly RidgeRegression ridge;
        private readonly Matrix labels, responses;
        private readonly RowFolds folds;
        private readonly int trainingRows;

        public Recording(string subject)
        {
            var data = Ds003020.Open(SharedData.Path("ds003020-pc"));
            SubjectResponses files = data.OpenResponses(subject, SilentLog.Instance);
            string[] training = [.. files.Split.Train.Order(StringComparer.Ordinal)], names = [.. training, .. files.Split.Test.Order(StringComparer.Ordinal)];
            ResponseBlock block = files.Read(names, 0, files.Targets, InvalidTargets.Refuse, SilentLog.Instance);
            Story[] stories = [.. names.Select(data.ReadStory)];
            labels = FeatureRows.Build([LabelFeatures.Like(stories[0])], stories, Delays.Published).Values;
            responses = block.Values;
            Stories = block.Stories;
            Training = [.. block.Stories.Take(training.Length)];
            trainingRows = Training[^1].End;
            Values = new Matrix(responses.Rows, ValueColumns);
            for (int row = 0; row < responses.Rows; row++)
                responses.Row(row)[..ValueColumns].CopyTo(Values.Row(row));
            folds = RowFolds.OfStories(Training, trainingRows);
            ridge = new RidgeRegression(device, Environment.ProcessorCount, new RidgeSettings());
        }

        public IReadOnlyList<StoryRows> Stories { get; }

        public IReadOnlyList<StoryRows> Training { get; }

        /// <summary>What matches lend.</summary>
        public Matrix Values { get; }

        public ScoreSummary Score(params Matrix[] more)
        {
            Matrix features = StackedRows.Beside([labels, .. more]);
            Matrix predicted = Fit(features).Predict(device, Test(features));
            return ScoreSummary.Of(TestCorrelations.Of(device, predicted, Test(responses)));
        }

        /// <summary>Predicted responses: of training rows by the model of the other folds.</summary>
        public Matrix Keys()
        {
            RidgeModel model = Fit(labels);
            Matrix keys = new(responses.Rows, responses.Columns), test = model.Predict(device, Test(labels));
            ridge.PredictOutOfFold(TrainingPart(labels), new MatrixTargets(TrainingPart(responses)), folds, model.Penalties).Values.CopyTo(keys.Values, 0);
            test.Values.CopyTo(keys.Values, trainingRows * keys.Columns);
            return keys;
        }

        public Matrix CrossStory(Matrix keys)
        {
            int[] own = folds.FoldOfRow(), all = [.. own, .. Enumerable.Repeat(CrossStoryMatch.NoFold, keys.Rows - trainingRows)];
            var memory = new MatchMemory(TrainingPart(keys), TrainingPart(Values), own);
            return Standardized(CrossStoryMatch.Run(device, memory, keys, all, new CrossStoryRule()).Values, 3);
        }

        public Matrix Standardized(Matrix values, double scale)
        {
            StoryColumns.Standardize(values, Stories, scale);
            return values;
        }

        private RidgeModel Fit(Matrix features) => ridge.Fit(TrainingPart(features), new MatrixTargets(TrainingPart(responses)), folds);

        private Matrix TrainingPart(Matrix rows) => new(trainingRows, rows.Columns, rows.Values[..(trainingRows * rows.Columns)]);

        private Matrix Test(Matrix rows) => new(rows.Rows - trainingRows, rows.Columns, rows.Values[(trainingRows * rows.Columns)..]);

        public void Dispose() => device.Dispose();
    }
}

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

/// <summary>A subject's responses with features of the stories, training rows before test rows: the pieces of a model, put together.</summary>
internal sealed class EncodingPieces : IDisposable
{
    /// <summary>Columns of the responses that matches lend at most.</summary>
    private const int ValueColumns = 100;

    private readonly Device device = DeviceCatalog.Open("cpu");
    private readonly RidgeRegression ridge;
    private readonly Matrix own, responses;
    private readonly RowFolds folds;
    private readonly int trainingRows;

    /// <param name="baseFeatures">The features of the model without matches, of all stories, given the first one.</param>
    public EncodingPieces(IStoryData data, string subject, Func<Story, IReadOnlyList<IStoryFeatures>> baseFeatures)
    {
        SubjectResponses files = data.OpenResponses(subject, SilentLog.Instance);
        string[] training = [.. files.Split.Train.Order(StringComparer.Ordinal)], names = [.. training, .. files.Split.Test.Order(StringComparer.Ordinal)];
        ResponseBlock block = files.Read(names, 0, files.Targets, InvalidTargets.Refuse, SilentLog.Instance);
        Story[] stories = [.. names.Select(data.ReadStory)];
        own = FeatureRows.Build(baseFeatures(stories[0]), stories, Delays.Published).Values;
        responses = block.Values;
        Stories = block.Stories;
        Training = [.. block.Stories.Take(training.Length)];
        trainingRows = Training[^1].End;
        Values = new Matrix(responses.Rows, Math.Min(ValueColumns, responses.Columns));
        for (int row = 0; row < responses.Rows; row++)
            responses.Row(row)[..Values.Columns].CopyTo(Values.Row(row));
        folds = RowFolds.OfStories(Training, trainingRows);
        ridge = new RidgeRegression(device, Environment.ProcessorCount, new RidgeSettings());
    }

    /// <summary>Of <see cref="Values"/>.</summary>
    public IReadOnlyList<StoryRows> Stories { get; }

    public IReadOnlyList<StoryRows> Training { get; }

    /// <summary>What matches lend.</summary>
    public Matrix Values { get; }

    public ScoreSummary Score(params Matrix[] more)
    {
        Matrix features = StackedRows.Beside([own, .. more]);
        Matrix predicted = Fit(features).Predict(device, Test(features));
        return ScoreSummary.Of(TestCorrelations.Of(device, predicted, Test(responses)));
    }

    /// <summary>Predicted responses: of training rows by the model of the other folds.</summary>
    public Matrix Keys()
    {
        RidgeModel model = Fit(own);
        Matrix keys = new(responses.Rows, responses.Columns), test = model.Predict(device, Test(own));
        ridge.PredictOutOfFold(TrainingPart(own), new MatrixTargets(TrainingPart(responses)), folds, model.Penalties).Values.CopyTo(keys.Values, 0);
        test.Values.CopyTo(keys.Values, trainingRows * keys.Columns);
        return keys;
    }

    /// <summary>The match with the nearest earlier row of the story.</summary>
    public Matrix Nearest(Matrix keys, int gap) => Standardized(InStoryMatch.Run(keys, Values, Stories, new InStoryRule { Gap = gap }).Values, 1);

    /// <summary>The published average over the nearest rows, less its lag profile.</summary>
    public Matrix Contrast(Matrix keys) => Standardized(
        ContrastMatch.Run(keys, Values, Stories, LagProfile.Fit(keys, Training, ContrastMatch.Rule), ContrastMatch.Rule).Values, 1);

    /// <summary>The match with the training stories.</summary>
    public Matrix CrossStory(Matrix keys)
    {
        int[] some = folds.FoldOfRow(), all = [.. some, .. Enumerable.Repeat(CrossStoryMatch.NoFold, keys.Rows - trainingRows)];
        var memory = new MatchMemory(TrainingPart(keys), TrainingPart(Values), some);
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

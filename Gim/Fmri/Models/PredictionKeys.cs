using Gim.Fmri.Ridge;
using Gim.Kernels.Devices;

namespace Gim.Fmri.Models;

/// <summary>
/// Keys of predicted responses: what a regression on some features predicts for each row, for training rows the regression
/// of the folds that do not hold the row's story. Two rows are alike where the same response is expected.
/// </summary>
internal sealed class PredictionKeys(Device device, int threads, Recording recording, FeatureLibrary features, RidgeSettings settings)
{
    private readonly Dictionary<string, Matrix> made = [];

    /// <summary>[all rows, key targets]</summary>
    public Matrix Of(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        string title = features.Title(names);
        if (!made.TryGetValue(title, out Matrix? keys))
            made.Add(title, keys = Make(features.Of(names), cancellation));
        return keys;
    }

    private Matrix Make(Matrix rows, CancellationToken cancellation)
    {
        ITargets targets = recording.Targets.KeyTargets(cancellation);
        var ridge = new RidgeRegression(device, threads, settings);
        Matrix training = recording.TrainingPart(rows);
        RidgeModel model = ridge.Fit(training, targets, recording.StoryFolds, cancellation);
        Matrix own = ridge.PredictOutOfFold(training, targets, recording.StoryFolds, model.Penalties, cancellation);
        Matrix test = model.Predict(device, recording.TestPart(rows));
        var keys = new Matrix(rows.Rows, targets.Count);
        own.Values.CopyTo(keys.Values, 0);
        test.Values.CopyTo(keys.Values, own.Values.Length);
        return keys;
    }
}

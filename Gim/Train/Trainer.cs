using System.Diagnostics;
using Gim.Progress;

namespace Gim.Train;

/// <summary>What a run came to.</summary>
/// <param name="Progress">Where it ended.</param>
/// <param name="EndedEarly">Whether patience ran out before the last step.</param>
internal sealed record TrainingOutcome(TrainingProgress Progress, bool EndedEarly);

/// <summary>
/// The training loop: steps of an objective, validations, checkpoints. A run that is stopped in whatever way goes
/// on from its last checkpoint and ends with the weights of one that was never stopped.
/// </summary>
internal sealed class Trainer(
    TrainingSettings settings, ModelParameters parameters, ITrainingObjective objective, IValidation validation, CheckpointFolder checkpoints, MetricsFile metrics)
{
    /// <summary>Steps from one line of metrics to the next.</summary>
    private const int ReportEvery = 100;

    /// <summary>Weight of a new loss in the running mean.</summary>
    private const double RecentShare = 0.02;

    /// <summary>The running mean may rise to so many times its lowest value: a run whose loss doubles does not come back.</summary>
    private const double Exploded = 2;

    /// <summary>Trains from where the folder's checkpoint stands, else from the parameters as they are.</summary>
    /// <param name="saved">The checkpoint; null: a new run.</param>
    /// <exception cref="InputException">The loss is no number or grows without bound.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; where it stood is saved.</exception>
    public TrainingOutcome Run(SavedTraining? saved, IJobLog log, CancellationToken cancellation)
    {
        Optimizer optimizer = objective.Optimizer;
        long tokensOfStep = objective.TokensOfStep;
        TrainingProgress progress = saved?.Progress ?? new TrainingProgress();
        if (saved is not null)
        {
            parameters.Device.Upload<float>(saved.Parameters, parameters.Values);
            optimizer.FirstMoment.Upload(saved.FirstMoment);
            optimizer.SecondMoment.Upload(saved.SecondMoment);
        }
        metrics.Begin(progress.Step);
        int last = settings.LearningRate.Steps;
        var recent = new RecentSteps();
        long resumed = Stopwatch.GetTimestamp();
        double before = progress.Seconds;
        TrainingProgress Timed() => progress with { Seconds = before + Stopwatch.GetElapsedTime(resumed).TotalSeconds };
        bool ended = progress.Step >= last || IsOutOfPatience(progress);
        try
        {
            // The parameters before the first step: what training starts from is the first row of every curve.
            // A run that was stopped while it validated makes up for it.
            if (IsForValidation(progress.Step) && progress.ValidatedStep != progress.Step) progress = Validate(progress, log, cancellation);
            ended |= IsOutOfPatience(progress);
            using IJobProgress bar = log.Start("training", (last - progress.Step) * tokensOfStep, "tokens");
            while (!ended)
            {
                cancellation.ThrowIfCancellationRequested();
                StepResult result = objective.Gradient(progress.Step);
                progress = Check(progress, result);
                double rate = settings.LearningRate.At(progress.Step);
                optimizer.Update(progress.Step + 1, rate);
                progress = progress with { Step = progress.Step + 1 };
                recent.Add(result, rate, tokensOfStep);
                bar.Advance(tokensOfStep);
                bool isLast = progress.Step == last;
                if (progress.Step % ReportEvery == 0 || isLast) metrics.Add(recent.Take(progress.Step, tokensOfStep));
                if (IsForValidation(progress.Step)) progress = Validate(progress, log, cancellation);
                ended = isLast || IsOutOfPatience(progress);
                if (ended || progress.Step % settings.ValidateEvery == 0 || progress.Step % settings.CheckpointEvery == 0)
                    checkpoints.Save(progress = Timed(), settings.LearningRate, parameters, optimizer);
            }
        }
        catch (OperationCanceledException)
        {
            if (progress.Step > 0) checkpoints.Save(Timed(), settings.LearningRate, parameters, optimizer);
            log.Info($"stopped after {progress.Step:N0} of {last:N0} steps; the same command goes on from there");
            throw;
        }
        return new TrainingOutcome(progress, EndedEarly: progress.Step < last);
    }

    private bool IsForValidation(int step) => !validation.IsEmpty && (step % settings.ValidateEvery == 0 || step == settings.LearningRate.Steps);

    private bool IsOutOfPatience(TrainingProgress progress) => settings.Patience > 0 && progress.SinceBest >= settings.Patience;

    private TrainingProgress Check(TrainingProgress progress, StepResult result)
    {
        if (result.Answerable == 0) return progress;
        string Where() => $"at step {progress.Step + 1:N0} ({objective.Place(progress.Step)})";
        string advice = $"lower \"learningRate\" (now {settings.LearningRate.Peak}), raise \"warmUp\" or set \"clip\"; the last checkpoint is kept in {Path.GetDirectoryName(checkpoints.LastPath)}";
        if (!double.IsFinite(result.Loss) || !double.IsFinite(result.GradientNorm))
            throw new InputException($"training failed {Where()}: the loss is {result.Loss}, the gradient's norm {result.GradientNorm}; {advice}");
        double mean = double.IsNaN(progress.RecentLoss) ? result.Loss : progress.RecentLoss + RecentShare * (result.Loss - progress.RecentLoss);
        double lowest = Math.Min(progress.LowestRecentLoss, mean);
        if (mean > Exploded * lowest + 0.5)
            throw new InputException($"training failed {Where()}: the mean loss has risen from {lowest:F3} to {mean:F3}; {advice}");
        return progress with { RecentLoss = mean, LowestRecentLoss = lowest };
    }

    private TrainingProgress Validate(TrainingProgress progress, IJobLog log, CancellationToken cancellation)
    {
        ValidationOutcome outcome = validation.Run(parameters, cancellation);
        metrics.Add(progress.Step, progress.Step * objective.TokensOfStep, outcome.Sets);
        if (outcome.Sets.Count == 0) return progress;
        double loss = outcome.Loss;
        log.Info($"step {progress.Step:N0}: validation loss {loss:F4}; {outcome.Details}");
        progress = progress with { ValidatedStep = progress.Step };
        if (!(loss < progress.BestLoss)) return progress with { SinceBest = progress.SinceBest + 1 };
        checkpoints.SaveBest(parameters, progress.Step);
        return progress with { BestLoss = loss, BestStep = progress.Step, SinceBest = 0 };
    }
}

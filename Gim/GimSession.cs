using Gim.Explain;
using Gim.Match;
using Gim.Predict;

namespace Gim;

/// <summary>
/// A text that grows, predicted and explained after every token: with a similarity model that streams a token costs one row of
/// the model, where <see cref="GimModel.PredictNext"/> embeds the whole context anew. Used by one thread at a time, and beside it
/// no other session of the same model.
/// </summary>
public sealed class GimSession : IDisposable
{
    private readonly GimModel model;
    private readonly INextTokenPredictor predictor;
    private readonly Explainer explainer;
    private readonly GrowingContext? growing;
    private readonly MatchResult match = new();
    private int[] tokens = new int[1024];
    private int length;

    /// <param name="model">Stays the caller's to dispose, after the session.</param>
    /// <param name="name">Which of the model's predictors; null for its own choice.</param>
    internal GimSession(GimModel model, string? name)
    {
        this.model = model;
        predictor = model.Predictor(name);
        explainer = model.Explainer(name);
        if (predictor is IFuzzyPredictor)
            growing = model.Fuzzy!.Grow(model.Context);
    }

    /// <summary>All tokens so far.</summary>
    public ReadOnlyMemory<int> Tokens => tokens.AsMemory(0, length);

    /// <summary>The last tokens, which predictions rest on: at most <see cref="GimModel.Context"/>.</summary>
    public ReadOnlyMemory<int> Context => tokens.AsMemory(Math.Max(0, length - model.Context)..length);

    /// <summary>Adds tokens to the end.</summary>
    /// <exception cref="InputException">A token is not of the vocabulary.</exception>
    public void Append(ReadOnlySpan<int> more)
    {
        model.RequireTokens(more);
        while (tokens.Length - length < more.Length)
            Array.Resize(ref tokens, checked(2 * tokens.Length));
        more.CopyTo(tokens.AsSpan(length));
        length += more.Length;
        growing?.Append(more);
    }

    /// <summary>Predicts the token that follows.</summary>
    public NextTokens PredictNext()
        => predictor is IFuzzyPredictor fuzzy ? fuzzy.Predict(Context.Span, Weights(), match) : predictor.Predict(Context.Span, match);

    /// <summary>Predicts the token that follows, and shows why.</summary>
    public Explanation Explain(QuoteLimits? limits = null) => explainer.Explain(Context, Weights(), limits ?? new QuoteLimits(), match);

    /// <summary>Places that the last prediction rests on and that a token followed; to be asked before anything is appended.</summary>
    public IReadOnlyList<EvidenceQuote> Quotes(NextTokens prediction, int token, QuoteLimits limits)
        => explainer.Quotes(prediction, match, Context, limits, token);

    private float[] Weights()
    {
        ReadOnlySpan<int> context = Context.Span;
        if (predictor is not IFuzzyPredictor || context.Length < 2)
            return [];
        if (growing is not null)
        {
            growing.Find(match);
            return [.. match.Weights];
        }
        float[] weights = new float[context.Length - 1];
        model.Fuzzy!.Weigh(context, 1, context.Length, 1, weights);
        return weights;
    }

    public void Dispose() => growing?.Dispose();
}

using Gim.Config;
using Gim.Match;
using Gim.Predict;

namespace Gim.Report.Html;

/// <summary>A prediction and its evidence as HTML; the script of the page builds the same elements for tokens of the text.</summary>
internal sealed class EvidenceMarkup(TokenLabels labels)
{
    /// <summary>The likeliest tokens, what each part answered, and the quotes.</summary>
    public Markup Of(ShownPrediction prediction)
    {
        var html = new Markup();
        html.Add($"""<p class="why">{prediction.Why}</p>""");
        html.Add($"""<ol class="top">""");
        foreach (var (token, probability) in prediction.Top)
            html.Add($"""<li>{Meter(probability)}<bdi class="token">{labels.Of(token)}</bdi>{(token == prediction.Target ? Came : Nothing)}<span class="number">{ShownPrediction.Percent(probability)}</span></li>""");
        if (prediction.Others > 0)
            html.Add($"""<li>{Meter(prediction.OthersProbability)}<span class="other">{prediction.Others:N0} other {(prediction.Others == 1 ? "token" : "tokens")}</span><span class="number">{ShownPrediction.Percent(prediction.OthersProbability)}</span></li>""");
        html.Add($"</ol>");
        if (prediction.Answers.Count > 0) html.Add($"{Answers(prediction)}");
        if (prediction.Quotes.Count > 0) html.Add($"{Quotes(prediction)}");
        return html;
    }

    private static Markup Came { get; } = Markup.Of($""" <span class="came">came</span>""");

    private static Markup Nothing { get; } = new();

    private static Markup Meter(double share) => Markup.Of($"""<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="{100 * share:F1}" height="8"/></svg>""");

    private Markup Answers(ShownPrediction prediction)
    {
        bool confident = prediction.Threshold is null;
        var html = Markup.Of($"""<table class="answers"><caption>what each part answered</caption><thead><tr><th scope="col">source</th><th scope="col">matched</th><th scope="col">places</th><th scope="col">answer</th><th scope="col">{(confident ? "right before" : "probability")}</th></tr></thead><tbody>""");
        foreach (SourceAnswer answer in prediction.Answers)
        {
            string last = (confident ? answer.Confidence : answer.Probability) is { } share ? ShownPrediction.Percent(share) : "";
            html.Add($"""<tr{(answer.Source == prediction.Source ? Chosen : Nothing)}><th scope="row"><span class="dot s{(int)answer.Source}"></span>{SourceNames.Of(answer.Source)}</th><td>{(answer.Source == MatchSource.Similarity ? "–" : $"{answer.EffectiveN:N0}")}</td><td>{answer.Places:N0}</td><td><bdi class="token">{(answer.Token is { } token ? labels.Of(token) : "none")}</bdi></td><td>{last}</td></tr>""");
        }
        html.Add($"</tbody></table>");
        if (prediction.Threshold is { } threshold)
            html.Add($"""<p class="note">{(threshold == ThresholdConfig.Maximum ? "A match is never trusted." : $"A match is trusted from {threshold:N0} tokens on.")}</p>""");
        return html;
    }

    private static Markup Chosen { get; } = Markup.Of($""" class="chosen" """);

    private Markup Quotes(ShownPrediction prediction)
    {
        var html = new Markup();
        if (prediction.IsFuzzy)
            html.Add($"""<div class="pair asked"><span class="where">the context ends with</span><span class="left" dir="auto"><span class="m">{prediction.Asked}</span></span><span class="right" dir="auto"><b class="n">{labels.Of(prediction.Target)}</b></span></div>""");
        html.Add($"""<ul class="quotes">""");
        foreach (ShownQuote quote in prediction.Quotes)
        {
            html.Add($"<li>");
            Markup where = quote.Document is { } name ? Markup.Of($"""<cite><bdi>{name}</bdi></cite>, {quote.Where}""") : Markup.Of($"{quote.Where}");
            if (prediction.IsFuzzy)
                html.Add($"""<div class="pair"><span class="where">{where}</span><span class="left" dir="auto">{quote.Before}<span class="m">{quote.Match}</span></span><span class="right" dir="auto"><b class="n">{quote.Next}</b>{quote.After}</span></div>""");
            else
                html.Add($"""<span class="where">{where}</span><q dir="auto">{quote.Before}<span class="m">{quote.Match}</span><b class="n">{quote.Next}</b>{quote.After}</q>""");
            html.Add($"</li>");
        }
        html.Add($"</ul>");
        if (prediction.NotShown > 0)
            html.Add($"""<p class="note">{prediction.NotShown:N0} more {(prediction.NotShown == 1 ? "place" : "places")} not shown.</p>""");
        return html;
    }
}

using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Fmri.Models;
using Gim.Fmri.Simulation;

namespace Gim.Jobs;

/// <summary>The sets of features that a run scores: bases first, then what is added to them, each match followed by its controls.</summary>
internal sealed class FmriPlan
{
    /// <summary>How far back the control looks that knows no text, and where its past ends.</summary>
    private const int BlindGap = 5;

    private readonly FmriConfig config;
    private readonly FeatureLibrary features;
    private readonly Recording recording;
    private readonly FmriMatches matches;
    private readonly List<PlannedSet> sets = [];

    private FmriPlan(FmriConfig config, FeatureLibrary features, Recording recording, FmriMatches matches)
    {
        this.config = config;
        this.features = features;
        this.recording = recording;
        this.matches = matches;
    }

    public IReadOnlyList<PlannedSet> Sets => sets;

    /// <summary>The set of the match that the gap curve is of; null where there is none.</summary>
    public string? Curve { get; private set; }

    /// <summary>Plans a config's sets; all features are made here, so that what they lack shows before anything is written.</summary>
    /// <exception cref="InputException">Features cannot be made, or two matches have one name.</exception>
    public static FmriPlan Make(FmriConfig config, FeatureLibrary features, Recording recording, FmriMatches matches, SimulatedListener? simulated)
    {
        var plan = new FmriPlan(config, features, recording, matches);
        plan.AddBase(config.Features);
        if (simulated is not null) plan.AddOracles(simulated);
        foreach (MatchConfig match in config.Matches)
            plan.AddMatch(match);
        if (config.Matches.OfType<InStoryMatchConfig>().FirstOrDefault() is { } first)
            plan.AddGaps(first);
        foreach (FeatureSetConfig other in config.Compare)
            plan.AddComparison(other.Features);
        return plan;
    }

    private bool Has(string name) => sets.Any(set => set.Name == name);

    /// <summary>A base with the controls that know no text.</summary>
    private string AddBase(IReadOnlyList<string> names)
    {
        string title = features.Title(names);
        if (sets.Any(set => set.Role == SetRole.Base && set.Name == title)) return title;
        sets.Add(new PlannedSet(title, SetRole.Base, title, null, 0, names, null));
        if (config.Matches.Count == 0) return title;
        if (!names.Contains(FeatureNames.Position))
            AddBlind(title, names, "position in the story", _ => Controls.Position(Rows, recording.Rows));
        AddBlind(title, names, $"response {BlindGap} TRs back", cancellation => Standardized(Controls.Autoregressive(recording.Targets.Values(cancellation), recording.Rows, BlindGap)));
        AddBlind(title, names, "mean of past responses", cancellation => Standardized(Controls.PastMean(recording.Targets.Values(cancellation), recording.Rows, BlindGap)));
        return title;
    }

    private int Rows => recording.TrainingRows + recording.TestRows;

    private Matrix Standardized(Matrix values)
    {
        StoryColumns.Standardize(values, recording.Rows);
        return values;
    }

    /// <summary>What no real recording tells: how much a match could find that knew the true places.</summary>
    private void AddOracles(SimulatedListener listener)
    {
        string of = features.Title(config.Features);
        Add(of, config.Features, "true earlier passages (simulated)", SetRole.Oracle, cancellation => Standardized(RetoldValues.InStory(listener, recording.Targets.Values(cancellation), recording.Rows)));
        Add(of, config.Features, "true passages elsewhere (simulated)", SetRole.Oracle, cancellation => Standardized(RetoldValues.Elsewhere(listener, recording.Targets.Values(cancellation), recording.Rows)));
    }

    private void AddBlind(string of, IReadOnlyList<string> names, string what, Func<CancellationToken, Matrix> make) => Add(of, names, what, SetRole.Blind, make);

    private void Add(string of, IReadOnlyList<string> names, string what, SetRole role, Func<CancellationToken, Matrix> make)
        => sets.Add(new PlannedSet($"{of} + {what}", role, of, null, 0, names, cancellation => new MatchedValues(make(cancellation), new StrongestMatches(Rows, 0))));

    private void AddComparison(IReadOnlyList<string> names)
    {
        string title = features.Title(names);
        if (!Has(title)) sets.Add(new PlannedSet(title, SetRole.Comparison, features.Title(config.Features), null, 0, names, null));
    }

    private void AddMatch(MatchConfig match)
    {
        if (match is ContrastMatchConfig && match.Key == KeyNames.Words)
            throw new InputException("a match of kind 'contrast' has no meaning for the key 'words', whose matches are few; use kind 'in-story'");
        IReadOnlyList<string> names = match.Features ?? config.Features;
        string of = AddBase(names), title = $"{of} + {Title(match)}";
        if (Has(title))
            throw new InputException($"two matches are called {Quote.Of(Title(match))}; give one of them another \"name\"");
        Add(title, SetRole.Match, MatchText.True);
        for (int shift = 1; shift <= config.WrongTexts; shift++)
            Add($"{title} [wrong text {shift}]", SetRole.WrongText, MatchText.Wrong(shift));
        if (match.Key != KeyNames.Random) Add($"{title} [at random]", SetRole.RandomMatch, MatchText.Random);

        void Add(string name, SetRole role, MatchText text)
            => sets.Add(new PlannedSet(name, role, of, title, GapOf(match), names, cancellation => matches.Make(match, names, text, cancellation)));
    }

    private void AddGaps(InStoryMatchConfig first)
    {
        IReadOnlyList<string> names = first.Features ?? config.Features;
        string of = features.Title(names);
        Curve = $"{of} + {Title(first)}";
        foreach (int gap in config.Gaps.Distinct().Order())
        {
            // The match itself is on the curve too.
            if (gap == first.Gap) continue;
            InStoryMatchConfig match = first with { Gap = gap, Name = first.Name is { } name ? $"{name} at gap {gap}" : null };
            string title = $"{of} + {Title(match)}";
            if (Has(title)) continue;
            sets.Add(new PlannedSet(title, SetRole.Gap, of, title, gap, names, cancellation => matches.Make(match, names, MatchText.True, cancellation)));
            sets.Add(new PlannedSet($"{title} [wrong text 1]", SetRole.GapWrongText, of, title, gap, names, cancellation => matches.Make(match, names, MatchText.Wrong(1), cancellation)));
        }
    }

    private static int GapOf(MatchConfig match) => match switch
    {
        InStoryMatchConfig own => own.Gap,
        ContrastMatchConfig own => own.Gap,
        _ => 0,
    };

    /// <summary>What tables call a match.</summary>
    private string Title(MatchConfig match)
    {
        if (match.Name is { } name) return name;
        string what = match switch
        {
            InStoryMatchConfig { Key: KeyNames.Words } own => $"in-story match at gap {own.Gap}",
            InStoryMatchConfig { Nearest: 0 } own => $"in-story softmax {own.Temperature} at gap {own.Gap}",
            InStoryMatchConfig own => $"in-story top {own.Nearest} at gap {own.Gap}",
            ContrastMatchConfig own => $"contrast top {own.Nearest} at gap {own.Gap}",
            CrossStoryMatchConfig own => own.Temperature == 0.1 || own.Key == KeyNames.Words ? "cross-story match" : $"cross-story match {own.Temperature}",
            _ => throw new ArgumentOutOfRangeException(nameof(match), match.GetType().Name),
        };
        string by = (match.Key, match.KeyFeatures) switch
        {
            (KeyNames.Prediction, null) => "",
            (KeyNames.Prediction, { } others) => $" by prediction from {features.Title(others)}",
            (KeyNames.Features, null) => " by features",
            (KeyNames.Features, { } others) => $" by {features.Title(others)}",
            (KeyNames.Similarity, _) => " by the similarity model",
            (KeyNames.Words, _) => " by words",
            _ => " by random keys",
        };
        return what + by + (match.Decay is { } decay ? $" with decay {decay}" : "");
    }
}

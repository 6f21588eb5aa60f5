using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Fmri.Models;
using Gim.Fmri.Simulation;
using Gim.Progress;

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
    private readonly StorySimilarity similarity;
    private readonly List<PlannedSet> sets = [];
    private readonly List<string> curve = [];

    private FmriPlan(FmriConfig config, FeatureLibrary features, Recording recording, FmriMatches matches, StorySimilarity similarity)
    {
        this.similarity = similarity;
        this.config = config;
        this.features = features;
        this.recording = recording;
        this.matches = matches;
    }

    public IReadOnlyList<PlannedSet> Sets => sets;

    /// <summary>The sets of the gap curve, in the order of their gaps.</summary>
    public IReadOnlyList<string> Curve => curve;

    /// <summary>Plans a config's sets; all features are made here, so that what they lack shows before anything is written.</summary>
    /// <exception cref="InputException">Features cannot be made, or two matches have one name.</exception>
    public static FmriPlan Make(FmriConfig config, FeatureLibrary features, Recording recording, FmriMatches matches, StorySimilarity similarity, SimulatedListener? simulated, IJobLog log)
    {
        RequireDelays(config, recording);
        var plan = new FmriPlan(config, features, recording, matches, similarity);
        if (plan.WrongTexts < config.WrongTexts)
            log.Warn($"\"wrongTexts\" {config.WrongTexts:N0} is more than the other stories there are: {plan.WrongTexts:N0} are made");
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

    private static void RequireDelays(FmriConfig config, Recording recording)
    {
        int longest = recording.Rows.Max(story => story.Count);
        foreach (var (place, delay) in config.Delays.Index())
        {
            if (config.Delays.Take(place).Contains(delay))
                throw new InputException($"\"delays\" has {delay} twice; keep one of them");
            if (Math.Abs(delay) >= longest)
                throw new InputException($"\"delays\" has {delay} TRs, and the longest story has {longest:N0}: nothing would be left; take shorter ones");
        }
    }

    private bool Has(string name) => sets.Any(set => set.Name == name);

    /// <summary>A base with the controls that know no text.</summary>
    private string AddBase(IReadOnlyList<string> names)
    {
        string title = features.Title(names);
        if (sets.Any(set => set.Role == SetRole.Base && set.Name == title)) return title;
        Add(new PlannedSet(title, SetRole.Base, title, null, 0, names, null));
        if (config.Matches.Count == 0) return title;
        if (!names.Contains(FeatureNames.Position))
            AddBlind(title, names, "position in the story", _ => Controls.Position(Rows, recording.Rows));
        AddBlind(title, names, $"response {BlindGap} TRs back", cancellation => Standardized(Controls.Autoregressive(recording.Targets.Values(cancellation), recording.Rows, BlindGap)));
        AddBlind(title, names, "mean of past responses", cancellation => Standardized(Controls.PastMean(recording.Targets.Values(cancellation), recording.Rows, BlindGap)));
        return title;
    }

    /// <summary>No more than there are other stories: else the first would come again.</summary>
    private int WrongTexts => Math.Min(config.WrongTexts, recording.Stories.Count - 1);

    private int Rows => recording.TrainingRows + recording.TestRows;

    private void Add(PlannedSet set)
    {
        if (Has(set.Name))
            throw new InputException($"two sets of features are called {Quote.Of(set.Name)}; give the match among them another \"name\"");
        sets.Add(set);
    }

    private Matrix Standardized(Matrix values, double scale = 1)
    {
        StoryColumns.Standardize(values, recording.Rows, scale);
        return values;
    }

    /// <summary>What no real recording tells: how much a match could find that knew the true places.</summary>
    private void AddOracles(SimulatedListener listener)
    {
        string of = features.Title(config.Features);
        Add(of, config.Features, "true earlier passages (simulated)", SetRole.Oracle, cancellation => Standardized(RetoldValues.InStory(listener, recording.Targets.Values(cancellation), recording.Rows)));
        Add(of, config.Features, "true passages elsewhere (simulated)", SetRole.Oracle, cancellation => Standardized(RetoldValues.Elsewhere(listener, recording.Targets.Values(cancellation), recording.Rows), new CrossStoryMatchConfig().Scale));
    }

    private void AddBlind(string of, IReadOnlyList<string> names, string what, Func<CancellationToken, Matrix> make) => Add(of, names, what, SetRole.Blind, make);

    private void Add(string of, IReadOnlyList<string> names, string what, SetRole role, Func<CancellationToken, Matrix> make)
        => Add(new PlannedSet($"{of} + {what}", role, of, null, 0, names, (_, cancellation) => new MatchedValues(make(cancellation), new StrongestMatches(Rows, 0))));

    private void AddComparison(IReadOnlyList<string> names)
    {
        string title = features.Title(names);
        if (!sets.Any(set => set.Role is SetRole.Base or SetRole.Comparison && set.Name == title)) Add(new PlannedSet(title, SetRole.Comparison, features.Title(config.Features), null, 0, names, null));
    }

    private void AddMatch(MatchConfig match)
    {
        RequireMeaning(match);
        int longest = recording.Rows.Max(story => story.Count);
        if (GapOf(match) >= longest)
            throw new InputException($"\"gap\" {GapOf(match):N0} is no less than the {longest:N0} TRs of the longest story: no row would have a match; lower it");
        // Made here, and opened here: what they lack shows before anything is written.
        if (match.KeyFeatures is { } keyFeatures) features.Title(keyFeatures);
        if (match.Key == KeyNames.Similarity) similarity.Features();
        IReadOnlyList<string> names = match.Features ?? config.Features;
        string of = AddBase(names), title = $"{of} + {Title(match)}";
        Add(title, SetRole.Match, MatchText.True);
        for (int shift = 1; shift <= WrongTexts; shift++)
            Add($"{title} [wrong text {shift}]", SetRole.WrongText, MatchText.Wrong(shift));
        if (match.Key != KeyNames.Random) Add($"{title} [at random]", SetRole.RandomMatch, MatchText.Random);

        void Add(string name, SetRole role, MatchText text)
            => this.Add(new PlannedSet(name, role, of, title, GapOf(match), names, (strongest, cancellation) => matches.Make(match, names, text, strongest, cancellation)));
    }

    /// <summary>Refuses keys that would do nothing, and so be believed.</summary>
    private static void RequireMeaning(MatchConfig match)
    {
        string of = $"a match by the key '{match.Key}'";
        if (match.Key == KeyNames.Words)
        {
            if (match is ContrastMatchConfig)
                throw new InputException($"{of} has no meaning for kind 'contrast', as such matches are few; use kind 'in-story'");
            if (match.Decay is not null)
                throw new InputException($"\"decay\" has no meaning for {of}; leave it out");
            var plain = new InStoryMatchConfig();
            if (match is InStoryMatchConfig own && (own.Nearest != plain.Nearest || own.Temperature != plain.Temperature))
                throw new InputException($"\"nearest\" and \"temperature\" have no meaning for {of}, which takes all places of the longest run of words; leave them out");
            if (match is CrossStoryMatchConfig across && across.Temperature != new CrossStoryMatchConfig().Temperature)
                throw new InputException($"\"temperature\" has no meaning for {of}, which takes all places of the longest run of words; leave it out");
        }
        if (match.KeyFeatures is not null && match.Key is not KeyNames.Prediction and not KeyNames.Features)
            throw new InputException($"\"keyFeatures\" has no meaning for {of}; leave it out");
    }

    private void AddGaps(InStoryMatchConfig first)
    {
        IReadOnlyList<string> names = first.Features ?? config.Features;
        string of = features.Title(names);
        if (config.Gaps.Count == 0) return;
        foreach (int gap in config.Gaps.Append(first.Gap).Distinct().Order())
        {
            InStoryMatchConfig match = first with { Gap = gap, Name = first.Name is { } name && gap != first.Gap ? $"{name} at gap {gap}" : first.Name };
            string title = $"{of} + {Title(match)}";
            if (gap >= recording.Rows.Max(story => story.Count))
                throw new InputException($"\"gaps\" has {gap:N0}, which is no less than the TRs of the longest story: no row would have a match; leave it out");
            curve.Add(title);
            // Matches of the config are on the curve as they are.
            if (sets.Any(set => set.Role == SetRole.Match && set.Name == title)) continue;
            Add(new PlannedSet(title, SetRole.Gap, of, title, gap, names, (_, cancellation) => matches.Make(match, names, MatchText.True, 0, cancellation)));
            Add(new PlannedSet($"{title} [wrong text 1]", SetRole.GapWrongText, of, title, gap, names, (_, cancellation) => matches.Make(match, names, MatchText.Wrong(1), 0, cancellation)));
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

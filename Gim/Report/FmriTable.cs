using Spectre.Console;

namespace Gim.Report;

/// <summary>What an fmri run came to, as tables for people.</summary>
internal static class FmriTable
{
    public static void Write(FmriSummary summary, IAnsiConsole console)
    {
        console.WriteLine($"{summary.Subject}: Pearson's r of predicted and measured responses, mean over {summary.Targets:N0} {(summary.AreComponents ? "components" : "targets")}; {summary.Test.Trs:N0} test TRs.");
        Table table = New(console, "features", "mean r", "95 %", "top 10 %", "gain", "significant");
        foreach (FmriSet set in summary.FeatureSets.Where(set => set.Role is "base" or "comparison" or "blind" or "oracle"))
        {
            bool added = set.Role is "blind" or "oracle";
            table.AddRow(
                Markup.Escape(added ? $"  {set.Name[set.Base.Length..].TrimStart()}" : set.Name), R(set.MeanR), $"{R(set.MeanRLow)} to {R(set.MeanRHigh)}", R(set.MeanRTop10),
                GainText(set, summary), set.SignificantTargets is { } count ? $"{count:N0}" : "");
        }
        console.Write(table);
        if (summary.Matches.Count > 0)
        {
            Table matches = New(console, "match added to the base", "mean r", "gain", "wrong text", "at random", "true less wrong text, 95 %");
            foreach (FmriMatch match in summary.Matches)
            {
                matches.AddRow(
                    Markup.Escape(Short(match, summary)), R(match.MeanR), Share(match.Gain.Value, match.BaseR), Share(match.ControlGain.Value, match.BaseR),
                    match.RandomGain is { } random ? Share(random.Value, match.BaseR) : "",
                    $"{Share(match.Difference.Value, match.BaseR)} ({Share(match.Difference.Low, match.BaseR)} to {Share(match.Difference.High, match.BaseR)})");
            }
            console.Write(matches);
            console.WriteLine("gain: of mean r over the base's. wrong text: the same match with another story's text, which may do harm.");
            console.WriteLine("The text helps where a match gains, and gains more than the wrong text.");
        }
        if (summary.Simulation is { } simulation)
            console.WriteLine($"A simulated listener, not a recording: {100 * simulation.FeatureShare:0.#} % of the variance comes from the features, {100 * simulation.InductionShare:0.#} % from passages that are told again.");
        if (summary.NoiseCeiling is { } ceiling)
            console.WriteLine($"noise ceiling (test stories heard {ceiling.Presentations} times): {R(ceiling.MeanR)}.");
        console.WriteLine(
            $"{summary.Training.Stories:N0} stories of {summary.Training.Trs:N0} TRs to fit on; {summary.Device}, {summary.Threads} {(summary.Threads == 1 ? "thread" : "threads")}, {summary.ElapsedSeconds:F1} s.");
    }

    private static Table New(IAnsiConsole console, params string[] columns)
    {
        Table table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
        table.AddColumn(new TableColumn(columns[0]).NoWrap().PadLeft(0));
        foreach (string column in columns.Skip(1))
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap().PadLeft(0));
        return table;
    }

    /// <summary>The match alone where it is added to the run's base, else with what it is added to.</summary>
    private static string Short(FmriMatch match, FmriSummary summary)
        => match.Base == summary.FeatureSets[0].Name ? match.Name[(match.Base.Length + " + ".Length)..] : match.Name;

    /// <summary>What is added to a base gains over it; other sets over the run's base, which is the first.</summary>
    private static string GainText(FmriSet set, FmriSummary summary)
    {
        if (set.Role is "blind" or "oracle") return Share(set.Gain, BaseOf(summary, set.Base));
        FmriSet first = summary.FeatureSets[0];
        return set == first ? "" : Share(set.MeanR - first.MeanR, first.MeanR);
    }

    private static double BaseOf(FmriSummary summary, string name) => summary.FeatureSets.First(set => set.Name == name).MeanR;

    private static string R(double r) => $"{r:F4}";

    /// <summary>A gain relative to a base; in r where the base predicts next to nothing.</summary>
    private static string Share(double gain, double of) => of > 0.02 ? $"{100 * gain / of:+0.0;-0.0;0.0} %" : $"{gain:+0.0000;-0.0000;0}";
}

using Gim.Evaluate;
using Gim.Fmri.Stimulus;
using Gim.Text;

namespace Gim.Fmri.Simulation;

/// <summary>
/// Tells stories of passages. Some are new; some come from a stock that all stories share; some the story has told before,
/// and tells again word for word, with other timing, when at least ten TRs have passed since.
/// </summary>
internal static class SimulatedStories
{
    /// <summary>TRs from a passage's end to its being told again.</summary>
    public const int LeastBetween = 10;

    /// <summary>How often a story tells one passage at most.</summary>
    private const int MostTellings = 4;

    private const int ShortestTrs = 8, LongestTrs = 20;

    /// <summary>Training stories, then test stories; each list is in the order of its names' characters.</summary>
    /// <exception cref="InputException">The text has too few passages.</exception>
    public static (ToldStory[] Training, ToldStory[] Test) Tell(SimulationSettings settings, IDocumentSource source, CancellationToken cancellation)
    {
        using var text = new PassageText(source, cancellation);
        var random = new SeededRandom(RandomPart.Stock.Seed(settings.Seed));
        var stock = new Passage[settings.StockPassages];
        for (int i = 0; i < stock.Length; i++)
            stock[i] = text.Next(Seconds(random));
        return (Tell("story", settings.TrainingStories, 0), Tell("test", settings.TestStories, settings.TrainingStories));

        ToldStory[] Tell(string kind, int count, int first)
        {
            var stories = new ToldStory[count];
            int digits = $"{count}".Length;
            for (int i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                stories[i] = SimulatedStories.Tell($"{kind}-{(i + 1).ToString($"D{digits}")}", first + i, settings, stock, text);
            }
            return stories;
        }
    }

    private static ToldStory Tell(string name, int index, SimulationSettings settings, Passage[] stock, PassageText text)
    {
        var random = new SeededRandom(RandomPart.Story.Seed(settings.Seed, index));
        int spread = settings.Trs / 10;
        TrGrid grid = TrGrid.Ds003020(settings.Trs - spread + (int)random.Below(2 * spread + 1));
        // As in the recordings, the sound ends before the scan does.
        double end = grid.Start(grid.Count - grid.TrimEnd);
        var narrator = new Narrator(random);
        var words = new List<Word>();
        var tellings = new List<Telling>();
        var ends = new List<double>();
        while (narrator.Now < end)
        {
            Passage passage = Choose();
            int first = words.Count;
            foreach (PassageWord word in passage.Words)
            {
                Word spoken = narrator.Speak(word);
                if (spoken.End > end)
                    break;
                words.Add(spoken);
            }
            if (words.Count == first)
                break;
            tellings.Add(new Telling(passage, first, words.Count - first));
            ends.Add(narrator.Now);
        }
        return new ToldStory(name, grid, words, tellings);

        Passage Choose()
        {
            if (Happens(settings.RetoldShare))
            {
                Passage[] old = [.. tellings.Select(telling => telling.Passage).Distinct().Where(passage => Rested(passage)
                    && tellings.Count(telling => telling.Passage == passage) < MostTellings)];
                if (old.Length > 0)
                    return old[random.Below(old.Length)];
            }
            if (Happens(settings.StockShare))
            {
                Passage[] unheard = [.. stock.Where(passage => !tellings.Exists(telling => telling.Passage == passage))];
                if (unheard.Length > 0)
                    return unheard[random.Below(unheard.Length)];
            }
            return text.Next(Seconds(random));
        }

        bool Happens(double chance) => random.Below(1 << 20) < chance * (1 << 20);

        // The last of a passage's tellings decides.
        bool Rested(Passage passage) => ends[tellings.FindLastIndex(telling => telling.Passage == passage)] + LeastBetween * grid.Seconds <= narrator.Now;
    }

    private static double Seconds(SeededRandom random) => 2 * (ShortestTrs + random.Below(LongestTrs - ShortestTrs + 1));
}

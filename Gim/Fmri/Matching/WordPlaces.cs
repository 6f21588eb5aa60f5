using System.Runtime.InteropServices;
using Gim.Index.Sort;

namespace Gim.Fmri.Matching;

/// <summary>
/// The words that begin in some rows, sorted by what was said up to them: the word itself, then the one before it, and so on
/// back to its text's start. Places that end with the same n words stand together.
/// </summary>
internal sealed class WordPlaces
{
    /// <summary>Stands before the start of every text; no word's number.</summary>
    private const int Start = 0;

    /// <summary>The number of words that no text has: below all others.</summary>
    private const int Unknown = -1;

    private readonly Dictionary<string, int> numbers;
    private readonly int[] symbols, starts, places, rows;

    private WordPlaces(Dictionary<string, int> numbers, int[] symbols, int[] starts, int longest, int[] places, int[] rows)
    {
        (this.numbers, this.symbols, this.starts, this.places, this.rows) = (numbers, symbols, starts, places, rows);
        LongestText = longest;
    }

    /// <summary>Words of the longest text: no match is longer.</summary>
    public int LongestText { get; }

    /// <summary>How many places there are.</summary>
    public int Count => places.Length;

    /// <summary>The row in which the word at a place begins.</summary>
    public int Row(int place) => rows[place];

    /// <summary>The words that begin in the rows from <paramref name="first"/> on.</summary>
    public static WordPlaces Of(WordRows words, int first, int count)
    {
        // Texts are laid down backwards, each with its start behind it.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        List<int> symbols = [];
        int longest = 0;
        int[] starts = new int[words.Texts.Count];
        starts.AsSpan().Fill(-1);
        for (int row = first; row < first + count; row++)
        {
            int text = words[row].Text;
            if (text == RowWords.None || starts[text] >= 0) continue;
            starts[text] = symbols.Count;
            string[] all = words.Texts[text];
            longest = Math.Max(longest, all.Length);
            for (int i = all.Length - 1; i >= 0; i--)
            {
                ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, all[i], out bool known);
                if (!known) number = numbers.Count;
                symbols.Add(number);
            }
            symbols.Add(Start);
        }
        int[] rowOf = new int[symbols.Count], sorted = new int[symbols.Count];
        rowOf.AsSpan().Fill(-1);
        for (int row = first; row < first + count; row++)
        {
            for (int word = words[row].First; word < words[row].End; word++)
                rowOf[PlaceIn(words, starts, words[row].Text, word)] = row;
        }
        int[] flat = [.. symbols];
        SuffixArray.Build(flat, numbers.Count + 1, sorted);
        int[] places = Array.FindAll(sorted, place => rowOf[place] >= 0);
        return new WordPlaces(numbers, flat, starts, longest, places, Array.ConvertAll(places, place => rowOf[place]));
    }

    /// <summary>The places in rows for which <paramref name="isKept"/> holds.</summary>
    public WordPlaces Where(Predicate<int> isKept)
    {
        List<int> kept = [];
        for (int i = 0; i < places.Length; i++)
        {
            if (isKept(rows[i])) kept.Add(i);
        }
        return new WordPlaces(numbers, symbols, starts, LongestText, [.. kept.Select(i => places[i])], [.. kept.Select(i => rows[i])]);
    }

    /// <summary>What was said by the end of a row whose text is among the places' own.</summary>
    public WordHistory History(WordRows words, int row)
        => words[row].End == 0 ? default : new WordHistory(symbols, PlaceIn(words, starts, words[row].Text, words[row].End - 1));

    /// <summary>What was said by the end of each row of other texts.</summary>
    public WordHistory[] Histories(WordRows words)
    {
        int[][] backwards = new int[words.Texts.Count][];
        for (int text = 0; text < backwards.Length; text++)
        {
            string[] all = words.Texts[text];
            int[] own = backwards[text] = new int[all.Length + 1];
            for (int i = 0; i < all.Length; i++)
                own[all.Length - 1 - i] = numbers.GetValueOrDefault(all[i], Unknown);
            own[^1] = Start;
        }
        var histories = new WordHistory[words.Rows];
        for (int row = 0; row < histories.Length; row++)
        {
            RowWords own = words[row];
            if (own.End > 0)
                histories[row] = new WordHistory(backwards[own.Text], words.Texts[own.Text].Length - own.End);
        }
        return histories;
    }

    /// <summary>
    /// The places whose last n words are those of the history, for n = 1, 2, ... as long as there is one: each range holds the next.
    /// </summary>
    /// <param name="ranges">Room for the ranges of n = 1 to the most words that may count.</param>
    /// <returns>The largest n.</returns>
    public int Find(WordHistory history, Span<PlaceRange> ranges)
    {
        var range = new PlaceRange(0, places.Length);
        int n = 0;
        for (; n < ranges.Length && !history.IsStart(n); n++)
        {
            int word = history[n];
            range = new PlaceRange(LowerBound(range, n, word), LowerBound(range, n, word + 1));
            if (range.First == range.End) break;
            ranges[n] = range;
        }
        return n;
    }

    /// <summary>Whether a place is the very word with which the history ends.</summary>
    public bool IsEnd(int place, WordHistory history) => ReferenceEquals(history.Symbols, symbols) && places[place] == history.Last;

    /// <summary>The first place of a range, whose first <paramref name="depth"/> words are equal, with a next word of this number or more.</summary>
    private int LowerBound(PlaceRange range, int depth, int number)
    {
        int low = range.First, high = range.End;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (symbols[places[middle] + depth] < number) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int PlaceIn(WordRows words, int[] starts, int text, int word) => starts[text] + words.Texts[text].Length - 1 - word;
}

/// <summary>Successive places in the order of <see cref="WordPlaces"/>.</summary>
internal readonly record struct PlaceRange(int First, int End);

/// <summary>What was said up to a word, as the numbers of the words backwards from it; default: nothing.</summary>
/// <param name="Symbols">Texts backwards, 0 where one starts.</param>
/// <param name="Last">Where the last word stands.</param>
internal readonly record struct WordHistory(int[]? Symbols, int Last)
{
    /// <summary>The number of the word that stands <paramref name="back"/> words before the last one.</summary>
    public int this[int back] => Symbols![Last + back];

    /// <summary>Whether the text starts behind that word.</summary>
    public bool IsStart(int back) => Symbols is null || Symbols[Last + back] == 0;
}

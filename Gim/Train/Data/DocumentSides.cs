using Gim.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gim.Evaluate;

namespace Gim.Train.Data;

/// <summary>
/// Deals a run's documents to training and validation. Documents with the same words (whatever case, punctuation and
/// white space) are always on the same side, in one source and over all sources that are dealt here: a text that one
/// source gives as it is written and another as it is spoken would otherwise be trained on in one of them and
/// validate the other.
/// </summary>
internal sealed class DocumentSides
{
    // By a document's words: the part of its tokens, from the first on, that is trained on.
    private readonly Dictionary<UInt128, double> trained = [];

    /// <summary>What stands for a document's words: half of their SHA-256; where it has none, of its text.</summary>
    public static UInt128 Words(string text)
    {
        string words = TextTransforms.Apply(text, TextTransform.LowerCaseWithoutPunctuation);
        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes((words.Length > 0 ? words : text).AsSpan()));
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>
    /// Deals a source's documents. In an order drawn with the seed they go to validation until it holds the wanted
    /// share of the tokens; one that would take it beyond twice that share is passed over. Where no document is small
    /// enough, the end of the longest one is held back. Documents whose words were dealt before stay on their side and count.
    /// </summary>
    /// <param name="words">Of each document, from <see cref="Words"/>.</param>
    /// <param name="lengths">Its tokens.</param>
    /// <param name="share">Part of the tokens to hold back.</param>
    /// <param name="seed">Of the order.</param>
    /// <returns>How many tokens of each document are trained on: all, none, or the first so many.</returns>
    public int[] Deal(IReadOnlyList<UInt128> words, IReadOnlyList<int> lengths, double share, long seed)
    {
        var together = new Dictionary<UInt128, long>();
        long total = 0, held = 0;
        for (int i = 0; i < words.Count; i++)
        {
            together[words[i]] = together.GetValueOrDefault(words[i]) + lengths[i];
            total += lengths[i];
            if (trained.TryGetValue(words[i], out double part))
                held += lengths[i] - Trained(lengths[i], part);
        }
        double wanted = share * total;
        foreach (int i in Order(words.Count, seed))
        {
            if (held >= wanted)
                break;
            if (!trained.ContainsKey(words[i]) && held + together[words[i]] <= 2 * wanted)
            {
                trained[words[i]] = 0;
                held += together[words[i]];
            }
        }
        if (held == 0 && wanted > 0 && LongestUndealt(words, lengths) is { } longest)
            trained[words[longest]] = 1 - wanted / together[words[longest]];

        int[] kept = new int[words.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            trained.TryAdd(words[i], 1);
            kept[i] = Trained(lengths[i], trained[words[i]]);
        }
        return kept;
    }

    /// <summary>
    /// A document that is cut has at least one token on each side. The same words written otherwise have other tokens:
    /// such documents are cut at the same part of their length, not at the same word.
    /// </summary>
    private static int Trained(int length, double part) => part switch
    {
        0 => 0,
        1 => length,
        _ => length < 2 ? length : Math.Clamp((int)Math.Round(part * length), 1, length - 1),
    };

    private int? LongestUndealt(IReadOnlyList<UInt128> words, IReadOnlyList<int> lengths)
    {
        int? longest = null;
        for (int i = 0; i < words.Count; i++)
        {
            if (lengths[i] >= 2 && (longest is not { } best || lengths[i] > lengths[best]) && !trained.ContainsKey(words[i]))
                longest = i;
        }
        return longest;
    }

    private static int[] Order(int count, long seed)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        var random = new SeededRandom(seed);
        for (int i = count - 1; i > 0; i--)
        {
            int other = (int)random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}

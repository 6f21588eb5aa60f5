using System.Globalization;
using System.Text;
using Gim.Config;
using Gim.Files;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>The user's queries as tokens: text by the tokenizer, or ids as they are.</summary>
internal sealed class QueryCommandInput(Tokenizer? tokenizer, bool ids, TokenIds allowed)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a query that is not a batch.</summary>
    /// <exception cref="InputException">There is none or more than one, or the file cannot be read.</exception>
    public static string Text(QuerySource source) => source switch
    {
        { Text: { } text, File: null } => text,
        { Text: null, File: { } file } => TextFile.ReadAll(file),
        { Text: null, File: null } => throw new InputException("the query is missing; write it in quotes behind the command, or name a file with --file"),
        _ => throw new InputException("the query is given twice; write it in the command line or name a file with --file, not both"),
    };

    /// <summary>The queries of a batch, one a line.</summary>
    public static IEnumerable<string> Lines(QuerySource source)
    {
        if (source.Text is not null || source.File is not null)
            throw new InputException("--batch brings its own queries; leave out the query and --file");
        string path = source.Batch!;
        return Read();

        IEnumerable<string> Read()
        {
            using Stream file = path == TextFile.StandardInput ? Console.OpenStandardInput() : InputFile.Open(path, "a text file with a query in each line");
            using var reader = new StreamReader(file, StrictUtf8);
            for (int number = 1; ; number++)
            {
                string? line;
                try
                {
                    line = InputFile.Guard(path, reader.ReadLine);
                }
                catch (DecoderFallbackException problem)
                {
                    throw new InputException($"{Quote.OneLine(path)}, near line {number}: not UTF-8 text; save the file as UTF-8", problem);
                }
                if (line is null)
                    yield break;
                yield return line;
            }
        }
    }

    /// <summary>The tokens of one query.</summary>
    /// <exception cref="InputException">Ids are not numbers, or not tokens of the index.</exception>
    public int[] Tokens(string query) => ids ? Ids(query) : tokenizer!.Encode(query);

    /// <summary>The one token of an option.</summary>
    /// <exception cref="InputException">It is none or several.</exception>
    public int Token(string query, string option)
    {
        int[] tokens = Tokens(query);
        if (tokens.Length == 1)
            return tokens[0];
        string parts = tokens.Length == 0 || ids ? "" : $" ({string.Join(" | ", tokens.Take(8).Select(token => Quote.OneLine(Index.Query.DocumentText.OfToken(tokenizer!, token))))})";
        string advice = ids ? "" : "; begin with a space for a word in running text, or give an id with --ids";
        throw new InputException($"{option} {Quote.Of(query)} is {tokens.Length} tokens{parts}; it must be one{advice}");
    }

    /// <summary>A query of AND and OR, which binds tighter: its clauses' n-grams.</summary>
    public Index.Query.CnfQuery Cnf(string query)
        => new([.. query.Split(" AND ").Select(clause => (int[][])[.. clause.Split(" OR ").Select(Tokens)])]);

    private int[] Ids(string query)
    {
        string list = query.Trim();
        if (list.StartsWith('[') && list.EndsWith(']'))
            list = list[1..^1];
        string[] parts = list.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int[] tokens = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out long id))
                throw new InputException($"{Quote.Of(parts[i])} is not a token id; with --ids write numbers such as 5 6 7 or [5,6,7]");
            tokens[i] = allowed.Of(id);
        }
        return tokens;
    }
}

/// <summary>The ids that an index can hold, its separator included.</summary>
internal sealed class TokenIds(Index.TokenWidth width)
{
    /// <summary>An id as the index takes it.</summary>
    /// <exception cref="InputException">No token of the index can have it.</exception>
    public int Of(long id)
    {
        long largest = width switch
        {
            Index.TokenWidth.U8 => byte.MaxValue,
            Index.TokenWidth.U16 => ushort.MaxValue,
            _ => uint.MaxValue,
        };
        return id <= largest ? unchecked((int)id)
            : throw new InputException($"token id {id} is more than {largest}, the largest of an index of {Index.TokenWidths.Name(width)} tokens");
    }
}

using System.CommandLine;
using Gim.Index.Query;

namespace Gim.Jobs;

/// <summary>
/// <c>gim query INDEX WHAT "..."</c>: the command line of every query; <see cref="QueryCommandSession"/> answers them.
/// </summary>
internal sealed class QueryCommand
{
    private const int LargestCount = 1_000_000;

    private readonly Argument<string> folder = new("index") { Description = "The folder of the index: one that gim built, or infini-gram's files. Wildcards name several, asked as one index." };
    private readonly Option<string[]> with = new("--with") { Description = "A further folder, asked together with the first as one index. May be given several times.", HelpName = "folder", DefaultValueFactory = _ => [] };
    private readonly Option<string?> tokenizer = QueryCommandOptions.Text("--tokenizer", "kind or JSON", "What cuts text into tokens: gpt2, bytes, or the object a config holds, such as {\"kind\":\"sentencepiece\",\"path\":\"tokenizer.model\"}. Default: what the index says it was made with, where that is gpt2 or bytes.");
    private readonly Option<string?> tokenType = QueryCommandOptions.Text("--token-type", "type", "For a folder without gim.json: u8, u16 or u32.");
    private readonly Option<int?> eos = QueryCommandOptions.IntOrNone("--eos", "id", "For a folder without gim.json: the id of the end-of-text token. Default: the tokenizer's.", 0, int.MaxValue);
    private readonly Option<bool> reversed = QueryCommandOptions.Flag("--reversed", "For a folder without gim.json: its documents are stored in reversed order (infini-gram's version 5).");
    private readonly Option<bool> ids = QueryCommandOptions.Flag("--ids", "Queries are token ids (\"5 6 7\" or \"[5,6,7]\"), not text.");
    private readonly Option<bool> json = QueryCommandOptions.Flag("--json", "Writes a JSON object in one line, with the key names of infini-gram's API.");
    private readonly Option<double?> timeOut = QueryCommandOptions.Seconds("--timeout", "Ends a query that takes longer.");
    private readonly Option<bool> verify = QueryCommandOptions.Flag("--verify", "Compares the index with its checksums first, which reads all of it. Sizes are always checked.");

    private readonly Argument<string?> query = new("query") { Description = "The text, in quotes and taken as it is: a word in running text begins with a space (infini-gram's API adds one for GPT-2, this does not).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> file = QueryCommandOptions.Text("--file", "file", "Reads the query from a text file; a line end at its end is no part of it.");
    private readonly Option<string?> batch = QueryCommandOptions.Text("--batch", "file", "Answers a query in each line of a text file, in their order.");
    private readonly Option<int?> top = QueryCommandOptions.IntOrNone("--top", "number", "Most frequent tokens to show. Default: 20 in the table, all in JSON.", 1, int.MaxValue);
    private readonly Option<long?> maxSupport = QueryCommandOptions.LongOrNone("--max-support", "number", "Samples as infini-gram does where the prompt occurs more often (its default is 1000). Default: exact.", 1);
    private readonly Option<int> context = QueryCommandOptions.Int("--context", "tokens", "Tokens to show before and after the match.", 30, 0, LargestCount);
    private readonly Option<int> seed = QueryCommandOptions.Int("--seed", "number", "Seed of what is drawn at random.", 1, int.MinValue, int.MaxValue);
    private readonly Option<string[]> delimiters = new("--delimiter") { Description = "No match goes on behind a token with this text (\\n, \\r, \\t, \\\\ as usual; with --ids and no tokenizer an id). May be given several times.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<bool> wholeWords = QueryCommandOptions.Flag("--whole-words", "Matches neither begin nor end inside a word.");

    private QueryCommand() { }

    /// <summary>The command with all of its parts.</summary>
    public static Command Create() => new QueryCommand().Build();

    private Command Build()
    {
        var command = new Command("query", "Asks an index: how often text occurs, what follows it, where it comes from. 'gim query INDEX count \"natural language\"'; 'gim query count --help' explains a part.")
        {
            folder, with, tokenizer, tokenType, eos, reversed, ids, json, timeOut, verify,
        };
        foreach (Option option in command.Options)
            option.Recursive = true;
        command.Add(Count());
        command.Add(Find());
        command.Add(Probability());
        command.Add(Next());
        command.Add(InfinityGram());
        command.Add(Documents());
        command.Add(Document());
        command.Add(Cnf());
        command.Add(LongestPrefix());
        command.Add(Attribute());
        command.Add(Creativity());
        command.SetAction(_ =>
        {
            CommandGuard.Say("error: say what to ask: count, find, prob, next, infgram, docs, doc, and, prefix, attribute or creativity; try 'gim query --help'");
            return ExitCodes.BadInput;
        });
        return command;
    }

    private Command Count()
    {
        var command = new Command("count", "How often the text occurs.") { query, file, batch };
        command.SetAction(parsed => parsed.GetValue(batch) is null
            ? Run(parsed, (session, tokens) => session.Count(tokens))
            : RunBatch(parsed, ["query", "#count"], (session, tokens) => session.Count(tokens)));
        return command;
    }

    private Command Find()
    {
        var command = new Command("find", "The ranks in each shard's sorted table at which the text stands.") { query, file };
        command.SetAction(parsed => Run(parsed, (session, tokens) => session.Find(tokens)));
        return command;
    }

    private Command Probability()
    {
        Option<string> next = Continuation();
        next.Required = true;
        var command = new Command("prob", "How likely a token follows the text: its count behind the text over the text's count.") { query, file, next };
        command.SetAction(parsed => Run(parsed, (session, tokens) => session.Probability(tokens, session.Input.Token(parsed.GetValue(next)!, next.Name))));
        return command;
    }

    private Command Next()
    {
        var command = new Command("next", "All tokens that follow the text, with their counts. A document's end counts as the end-of-text token.") { query, file, batch, top, maxSupport };
        command.SetAction(parsed =>
        {
            int? most = parsed.GetValue(top);
            long? support = parsed.GetValue(maxSupport);
            return parsed.GetValue(batch) is null
                ? Run(parsed, (session, tokens) => session.Next(tokens, most, support))
                : RunBatch(parsed, ["query", "#count", "next token", "#probability", "sampled"], (session, tokens) => session.Next(tokens, most, support));
        });
        return command;
    }

    private Command InfinityGram()
    {
        Option<string> next = Continuation();
        var command = new Command("infgram", "As next, or with --next as prob, for the longest end of the text that occurs.") { query, file, batch, next, top, maxSupport };
        command.SetAction(parsed =>
        {
            int? most = parsed.GetValue(top);
            long? support = parsed.GetValue(maxSupport);
            if (parsed.GetValue(batch) is not null)
            {
                return parsed.GetValue(next) is null
                    ? RunBatch(parsed, ["query", "#matched", "#count", "next token", "#probability", "sampled"], (session, tokens) => session.InfinityGram(tokens, most, support))
                    : Refuse("--next and --batch cannot be used together; leave out --next");
            }
            return Run(parsed, (session, tokens) => parsed.GetValue(next) is { } token
                ? session.InfinityGramProbability(tokens, session.Input.Token(token, next.Name))
                : session.InfinityGram(tokens, most, support));
        });
        return command;
    }

    private Command Documents()
    {
        Option<int> max = QueryCommandOptions.Int("--max", "number", "Places to show; drawn at random where there are more.", 10, 0, LargestCount);
        var command = new Command("docs", "Places at which the text occurs, in their documents.") { query, file, max, context, seed };
        command.SetAction(parsed => Run(parsed, (session, tokens)
            => session.Documents(tokens, parsed.GetValue(max), parsed.GetValue(context), parsed.GetValue(seed))));
        return command;
    }

    private Command Document()
    {
        Option<long?> rank = QueryCommandOptions.LongOrNone("--rank", "rank", "The place at a rank, as find gives them.", 0);
        Option<long?> pointed = QueryCommandOptions.LongOrNone("--pointer", "bytes", "The place at a byte of the shard's token file, as JSON answers give it (ptr).", 0);
        Option<long?> number = QueryCommandOptions.LongOrNone("--number", "number", "The document of a number, counted from 0 over all shards.", 0);
        Option<int> shard = QueryCommandOptions.Int("--shard", "number", "The shard of --rank and --pointer.", 0, 0, int.MaxValue);
        Option<int> most = QueryCommandOptions.Int("--max-tokens", "tokens", "Tokens to show, half of them before the place.", 1000, 0, int.MaxValue);
        Option<int> needle = QueryCommandOptions.Int("--needle", "tokens", "Length of the match at the place.", 1, 0, LargestCount);
        Option<int?> around = QueryCommandOptions.IntOrNone("--context", "tokens", "Tokens to show before and after the match, in place of --max-tokens.", 0, LargestCount);
        var command = new Command("doc", "One document, by rank, by pointer or by number.") { rank, pointed, number, shard, most, needle, around };
        command.SetAction(parsed => QueryCommandRunner.Run(
            // No text goes in, and without a tokenizer ids come out.
            Request(parsed) with { Ids = true },
            session => session.Document(new DocumentChoice(
                parsed.GetValue(rank), parsed.GetValue(pointed), parsed.GetValue(number), parsed.GetValue(shard), parsed.GetValue(most), parsed.GetValue(needle), parsed.GetValue(around)))));
        return command;
    }

    private Command Cnf()
    {
        Option<int> within = QueryCommandOptions.Int("--within", "tokens", "How far the parts may be from the rarest one, between their first tokens.", 100, 0, CnfSearch.LargestDistance);
        Option<long> frequency = QueryCommandOptions.Long("--max-clause-frequency", "number", "Draws so many places of the rarest part where it has more, and scales the count; 0 looks at all.", 0, 0, 100_000_000);
        Option<int> max = QueryCommandOptions.Int("--max", "number", "Hits to show; drawn at random where there are more.", 10, 0, LargestCount);
        var command = new Command("and", "Places where several texts stand near each other in a document: \"a AND b OR c\" finds a near b or c. Text between the words is taken as it is, so that a word in running text needs one more space before it.")
        {
            query, file, within, frequency, max, context, seed,
        };
        command.SetAction(parsed => QueryCommandRunner.Run(Request(parsed), session => session.Cnf(
            session.Input.Cnf(QueryCommandInput.Text(Source(parsed))),
            new CnfOptions
            {
                MaxDistance = parsed.GetValue(within),
                MaxClauseFrequency = parsed.GetValue(frequency),
                MaxHits = parsed.GetValue(max),
                Seed = parsed.GetValue(seed),
            },
            parsed.GetValue(context))));
        return command;
    }

    private Command LongestPrefix()
    {
        var command = new Command("prefix", "The longest beginning of the text that occurs.") { query, file, delimiters, wholeWords };
        command.SetAction(parsed => Run(parsed, (session, tokens) => session.LongestPrefix(
            tokens, session.Rules(tokens, parsed.GetValue(delimiters)!, parsed.GetValue(wholeWords)))));
        return command;
    }

    private Command Attribute()
    {
        Option<int> least = QueryCommandOptions.Int("--min-length", "tokens", "The fewest tokens of a span.", 5, 1, int.MaxValue);
        Option<long?> most = QueryCommandOptions.LongOrNone("--max-count", "number", "Leaves out spans that occur more often.", 0);
        Option<int> documents = QueryCommandOptions.Int("--docs", "number", "Places of each span to show.", 0, 0, LargestCount);
        var command = new Command("attribute", "The stretches of a text that occur, none inside another.") { query, file, least, most, delimiters, wholeWords, documents, context, seed };
        command.SetAction(parsed => Run(parsed, (session, tokens) => session.Attribute(
            tokens,
            new AttributionOptions
            {
                MinLength = parsed.GetValue(least),
                MaxCount = parsed.GetValue(most),
                Rules = session.Rules(tokens, parsed.GetValue(delimiters)!, parsed.GetValue(wholeWords)),
            },
            parsed.GetValue(documents), parsed.GetValue(context), parsed.GetValue(seed))));
        return command;
    }

    private Command Creativity()
    {
        var command = new Command("creativity", "For every token of a text the end of the longest match that begins at it.") { query, file };
        command.SetAction(parsed => Run(parsed, (session, tokens) => session.Creativity(tokens)));
        return command;
    }

    private static Option<string> Continuation() => new("--next")
    {
        Description = "The token that follows: text that is one token, or with --ids its id. The id of the end-of-text token asks for ends of documents too.",
        HelpName = "token",
    };

    private int Run(ParseResult parsed, Func<QueryCommandSession, int[], Report.QueryAnswer> answer)
        => QueryCommandRunner.Run(Request(parsed), session => answer(session, session.Input.Tokens(QueryCommandInput.Text(Source(parsed)))));

    private int RunBatch(ParseResult parsed, IReadOnlyList<string> columns, Func<QueryCommandSession, int[], Report.QueryAnswer> answer)
        => QueryCommandRunner.RunBatch(Request(parsed), () => QueryCommandInput.Lines(Source(parsed)), columns, answer);

    private static int Refuse(string message)
    {
        CommandGuard.Say($"error: {message}");
        return ExitCodes.BadInput;
    }

    private QueryRequest Request(ParseResult parsed) => new(
        [parsed.GetValue(folder)!, .. parsed.GetValue(with)!], parsed.GetValue(tokenizer), parsed.GetValue(tokenType), parsed.GetValue(eos),
        parsed.GetValue(reversed), parsed.GetValue(ids), parsed.GetValue(json), parsed.GetValue(timeOut), parsed.GetValue(verify));

    private QuerySource Source(ParseResult parsed)
    {
        // Only some parts have these.
        Command part = parsed.CommandResult.Command;
        return new QuerySource(
            parsed.GetValue(query),
            part.Options.Contains(file) ? parsed.GetValue(file) : null,
            part.Options.Contains(batch) ? parsed.GetValue(batch) : null);
    }
}

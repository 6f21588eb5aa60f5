using Gim.Progress;
using Gim.Report;
using Gim.Text;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>Opens the index of a query, answers it and writes the answer.</summary>
internal static class QueryCommandRunner
{
    // Lines of a batch that are answered together before they are written: all that follows a frequent token may be
    // megabytes as JSON.
    private const int BatchSize = 64;

    // Without a terminal nothing is wrapped: a match and its text stay on one line.
    private const int UnboundedWidth = 1 << 20;

    /// <summary>Answers one query.</summary>
    /// <param name="request">The index and the form of the answer.</param>
    /// <param name="answer">Answers it; the session is open meanwhile.</param>
    public static int Run(QueryRequest request, Func<QueryCommandSession, QueryAnswer> answer)
        => CommandGuard.Run(quiet: false, (log, cancellation) =>
        {
            QueryAnswer? answered = null;
            Ask(request, log, session => answered = answer(session), cancellation);
            return () =>
            {
                if (request.Json)
                    Console.Out.WriteLine(QueryJson.Line(answered!.Json));
                else
                    answered!.Write(Terminal());
            };
        });

    /// <summary>Answers a query in each line of a file, in their order, on all cores.</summary>
    /// <param name="request">The index and the form of the answers.</param>
    /// <param name="lines">The queries.</param>
    /// <param name="columns">Headings of the table.</param>
    /// <param name="answer">Answers one of them, several at once.</param>
    public static int RunBatch(
        QueryRequest request, Func<IEnumerable<string>> lines, IReadOnlyList<string> columns, Func<QueryCommandSession, int[], QueryAnswer> answer)
        // Answers are written as they come, and progress would stand between them.
        => CommandGuard.Run(quiet: true, (log, cancellation) =>
        {
            var rows = new List<IReadOnlyList<string>>();
            Ask(request, log, session =>
            {
                foreach (string[] queries in lines().Chunk(BatchSize))
                {
                    var cells = new IReadOnlyList<string>[queries.Length];
                    string[] written = new string[queries.Length];
                    Parallel.For(0, queries.Length, new ParallelOptions { CancellationToken = session.Cancellation }, i =>
                    {
                        QueryAnswer one = answer(session, session.Input.Tokens(queries[i]));
                        cells[i] = one.Cells;
                        written[i] = request.Json ? QueryJson.Line(one.Json) : "";
                    });
                    if (!request.Json)
                    {
                        rows.AddRange(cells);
                        continue;
                    }
                    foreach (string line in written)
                        Console.Out.WriteLine(line);
                }
            }, cancellation);
            return () =>
            {
                if (!request.Json)
                    QueryTable.Write(Terminal(), columns, rows);
            };
        });

    /// <summary>Opens the index and asks it within the time that the request allows.</summary>
    private static void Ask(QueryRequest request, IJobLog log, Action<QueryCommandSession> ask, CancellationToken stop)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (request.TimeOut is { } seconds)
            time.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            var folders = QueryCommandIndex.Folders(request);
            Tokenizer? tokenizer = QueryCommandIndex.Tokenizer(request, folders);
            using var session = new QueryCommandSession(QueryCommandIndex.Open(request, folders, tokenizer, log, time.Token), tokenizer, request.Ids, time.Token);
            ask(session);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"the query took longer than --timeout {request.TimeOut} s; allow more time, or ask for less");
        }
    }

    private static IAnsiConsole Terminal()
    {
        IAnsiConsole console = JobRunner.ResultConsole();
        if (Console.IsOutputRedirected)
            console.Profile.Width = UnboundedWidth;
        return console;
    }
}

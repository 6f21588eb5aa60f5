using System.Runtime.InteropServices;
using Gim.Config;
using Gim.Index;
using Gim.Progress;
using Gim.Report;
using Gim.Text;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>Opens the index of a query, answers it, and turns every outcome into an exit code.</summary>
internal static class QueryCommandRunner
{
    // Lines of a batch that are answered together before they are written.
    private const int BatchSize = 4096;

    // Without a terminal nothing is wrapped: a match and its text stay on one line.
    private const int UnboundedWidth = 1 << 20;

    /// <summary>Answers one query.</summary>
    /// <param name="request">The index and the form of the answer.</param>
    /// <param name="answer">Answers it; the session is open meanwhile.</param>
    public static int Run(QueryRequest request, Func<QueryCommandSession, QueryAnswer> answer)
        => Run(request, session => Write(request, answer(session)));

    /// <summary>Answers a query in each line of a file, in their order, on all cores.</summary>
    /// <param name="request">The index and the form of the answers.</param>
    /// <param name="lines">The queries.</param>
    /// <param name="columns">Headings of the table.</param>
    /// <param name="answer">Answers one of them, several at once.</param>
    public static int RunBatch(
        QueryRequest request, Func<IEnumerable<string>> lines, IReadOnlyList<string> columns, Func<QueryCommandSession, int[], QueryAnswer> answer)
        => Run(request, session =>
        {
            var rows = new List<IReadOnlyList<string>>();
            foreach (string[] queries in lines().Chunk(BatchSize))
            {
                var answers = new QueryAnswer[queries.Length];
                Parallel.For(0, queries.Length, new ParallelOptions { CancellationToken = session.Cancellation },
                    i => answers[i] = answer(session, session.Input.Tokens(queries[i])));
                if (request.Json)
                {
                    foreach (QueryAnswer one in answers)
                        Console.Out.WriteLine(QueryJson.Line(one.Json));
                }
                else
                {
                    rows.AddRange(answers.Select(one => one.Cells));
                }
            }
            if (!request.Json)
                QueryTable.Write(Terminal(), columns, rows);
        });

    private static int Run(QueryRequest request, Action<QueryCommandSession> answer)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = JobRunner.StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = JobRunner.StopOn(PosixSignal.SIGTERM, stop);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        if (request.TimeOut is { } seconds)
            time.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            Tokenizer? tokenizer = QueryCommandIndex.Tokenizer(request);
            CorpusIndex index = QueryCommandIndex.Open(request, tokenizer, SilentLog.Instance, time.Token);
            using var session = new QueryCommandSession(index, tokenizer, request.Ids, time.Token);
            answer(session);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            JobRunner.Say("stopped");
            return ExitCodes.Cancelled;
        }
        catch (OperationCanceledException)
        {
            JobRunner.Say($"error: the query took longer than --timeout {request.TimeOut} s; allow more time, or ask for less");
            return ExitCodes.BadInput;
        }
        catch (Exception problem) when (JobRunner.Unusable(problem) is { } message)
        {
            JobRunner.Say($"error: {Quote.OneLine(message.ReplaceLineEndings(" "))}");
            return ExitCodes.BadInput;
        }
        catch (Exception defect)
        {
            JobRunner.Say($"gim met a defect of its own; please report it with these lines: {defect}");
            return ExitCodes.Defect;
        }
    }

    private static void Write(QueryRequest request, QueryAnswer answer)
    {
        if (request.Json)
            Console.Out.WriteLine(QueryJson.Line(answer.Json));
        else
            answer.Write(Terminal());
    }

    private static IAnsiConsole Terminal()
    {
        IAnsiConsole console = JobRunner.ResultConsole();
        if (Console.IsOutputRedirected)
            console.Profile.Width = UnboundedWidth;
        return console;
    }
}

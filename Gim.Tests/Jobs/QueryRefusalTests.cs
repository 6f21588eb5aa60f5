using System.Runtime.InteropServices;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Jobs;

/// <summary>Queries that cannot be asked, that take too long, or that the user stops.</summary>
[Collection(ProcessTests.Name)]
public sealed class QueryRefusalTests : QueryTestBase
{
    [Theory]
    [InlineData("error: index folder nowhere does not exist", "query", "nowhere", "count", "a")]
    [InlineData("say what to ask: count, find", "query", "ix")]
    [InlineData("the query is missing", "query", "ix", "count")]
    [InlineData("given twice", "query", "ix", "count", "a", "--file", "ref.txt")]
    [InlineData("nowhere.txt was not found", "query", "ix", "count", "--file", "nowhere.txt")]
    [InlineData("--next ' language processing' is 2 tokens ( language |  processing)", "query", "ix", "prob", "a", "--next", " language processing")]
    [InlineData("'--next' is required", "query", "ix", "prob", "a")]
    [InlineData("--top must be a whole number of 1 to ", "query", "ix", "next", "a", "--top", "0")]
    [InlineData("--timeout must be seconds", "query", "ix", "next", "a", "--timeout", "-1")]
    [InlineData("token id 70000 is more than 65535", "query", "ix", "count", "--ids", "70000")]
    [InlineData("--number 5 is too large: the index has 5 documents", "query", "ix", "doc", "--number", "5")]
    [InlineData("a multiple of 2", "query", "ix", "doc", "--pointer", "3")]
    [InlineData("clause 2 of the query holds an n-gram without tokens", "query", "ix", "and", "a AND ")]
    [InlineData("did you mean 'gpt2'?", "query", "ix", "count", "a", "--tokenizer", "gtp2")]
    [InlineData("was tokenised with gpt2", "query", "ix", "count", "a", "--tokenizer", "bytes")]
    [InlineData("--eos says 3, its gim.json says 50256", "query", "ix", "count", "a", "--eos", "3")]
    [InlineData("took longer than --timeout", "query", "ix", "and", "a AND e", "--timeout", "0.000001")]
    public void What_cannot_be_asked_is_one_line(string message, params string[] arguments)
    {
        Build("ix", new Gpt2Tokenizer());
        AssertRefused(Gim(arguments), message);
    }

    [SignalTheory]
    [InlineData(PosixSignal.SIGINT)]
    public void An_interrupted_query_ends(PosixSignal signal)
    {
        // Every search compares a long run of equal tokens: minutes of work.
        Build("ix", [[.. Enumerable.Repeat(1, 50_000)]], 250);
        string run = string.Concat(Enumerable.Repeat("1 ", 40_000));
        Write("long.txt", string.Concat(Enumerable.Repeat(run + "2 ", 10)));
        using GimProcess gim = GimProcess.Start(Folder, "query", "ix", "creativity", "--ids", "--file", "long.txt");
        DateTime until = DateTime.UtcNow.AddSeconds(2);
        gim.WaitUntil("it runs", () => DateTime.UtcNow > until);
        gim.Send(signal);
        GimRun ended = gim.End();
        Assert.Equal((130, ""), (ended.ExitCode, ended.Output));
        // Where the machine is so busy that the program had not begun, the system ends it without a word.
        Assert.True(ended.ErrorLines is [] or ["stopped"], ended.ToString());
    }
}

namespace Gim.Tests.Jobs;

/// <summary>
/// A run that takes a second or two, done once without interruption: contexts of a hundred thousand tokens take the
/// time that a small text and few rows do not.
/// </summary>
public sealed class UninterruptedRun : JobTestBase
{
    public UninterruptedRun()
    {
        Write("test.txt", Documents(seed: 31, count: 1, words: 30_000));
        Run(Results).Done();
    }

    /// <summary>The folder of its results.</summary>
    public string Results => In("uninterrupted");

    internal GimRun Run(string output, params IEnumerable<string> more) => GimProcess.Run(Folder, Arguments(output).Concat(more));

    internal GimProcess Start(string output) => GimProcess.Start(Folder, Arguments(output));

    private static string[] Arguments(string output) =>
        ["job.json", "--set", "cache=cache", "--set", "context=100000", "--set", "stride=1", "--set", "examples=12000", "--set", "threads=1", "--output", output];
}

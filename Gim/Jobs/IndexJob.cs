using System.Diagnostics;
using Gim.Config;
using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Report;
using Gim.Text;

namespace Gim.Jobs;

/// <summary>Task <c>index</c>: builds one index of all sources in the run's folder.</summary>
internal static class IndexJob
{
    public static IndexSummary Run(
        IndexConfig config, string effectiveJson, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        DeviceChoice.Require(config.Device);
        Tokenizer tokenizer = TokenizerFactory.Create(config.Tokenizer);
        IDocumentSource[] sources = [.. config.Reference.Select(source => SourceFactory.Create(source, new OwnFolders(folder.Path, folder.Path)))];
        var settings = new IndexBuildSettings
        {
            Threads = DeviceChoice.Threads(config.Threads),
            MemoryBytes = config.Memory is { } gigabytes ? (long)(gigabytes * 1e9) : null,
        };
        IndexManifest manifest = IndexBuilder.Build(sources, tokenizer, folder.Path, settings, log, cancellation);
        var summary = new IndexSummary(
            "index",
            tokenizer.Name,
            manifest.TokenType,
            manifest.Documents,
            manifest.Tokens,
            manifest.Shards,
            manifest.Files.Values.Sum(file => file.Bytes),
            Stopwatch.GetElapsedTime(started).TotalSeconds);
        // Only now: until the new files stand, those of an earlier build and their config do.
        folder.Begin(effectiveJson);
        folder.WriteSummary(summary);
        return summary;
    }
}

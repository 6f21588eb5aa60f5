using System.Security.Cryptography;
using Gim.Progress;

namespace Gim.Index.Build;

/// <summary>
/// Writes an index in infini-gram's v4 layout: documents are appended as tokens to one shard after another, then each
/// shard is sorted in memory. All is made in a folder of its own and gets its names when it is complete, gim.json last.
/// A writer that was made to be gone on with keeps a journal there, and another process can go on where it ends.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly BuildFolder building;
    private readonly TokenWidth width;
    private readonly int vocabularySize;
    private readonly IndexBuildSettings settings;
    private readonly BuildJournal journal;
    private readonly bool journaled;
    private long lastSave = Environment.TickCount64;
    private ShardWriter? open;

    private IndexWriter(string folder, TokenWidth width, int vocabularySize, IndexBuildSettings settings, BuildJournal journal, bool journaled)
    {
        building = new BuildFolder(folder, settings.FlushToDisk);
        this.width = width;
        this.vocabularySize = vocabularySize;
        this.settings = settings;
        this.journal = journal;
        this.journaled = journaled;
    }

    /// <summary>Starts an index that is made in one go: what is not finished is dropped.</summary>
    public IndexWriter(string folder, TokenWidth width, int vocabularySize, IndexBuildSettings? settings = null)
        : this(folder, width, vocabularySize, settings ?? new(), "", journaled: false) { }

    /// <summary>Starts an index.</summary>
    /// <param name="folder">Its folder; what was left there of an unfinished build is dropped.</param>
    /// <param name="width">Of the tokens.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="settings">Memory and threads.</param>
    /// <param name="key">Of what the index is built from.</param>
    /// <param name="journaled">Whether another process is to go on where this one ends.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the memory is too small.</exception>
    public IndexWriter(string folder, TokenWidth width, int vocabularySize, IndexBuildSettings settings, string key, bool journaled)
        : this(folder, width, vocabularySize, settings, BuildJournal.New(key, ShardTokens(settings, width, vocabularySize)), journaled)
    {
        building.Delete();
        building.Create();
    }

    /// <summary>Goes on with an unfinished build; null where there is none.</summary>
    /// <param name="sources">How many sources the index is built from.</param>
    /// <exception cref="UnusableBuildException">There is one, of something else or damaged.</exception>
    public static IndexWriter? TryResume(
        string folder, TokenWidth width, int vocabularySize, IndexBuildSettings settings, string key, int sources, IJobLog log, CancellationToken cancellation)
    {
        var building = new BuildFolder(folder);
        if (!building.Exists)
            return null;
        BuildJournal journal = BuildJournal.Read(building, key, ShardTokens(settings, width, vocabularySize), sources, width);
        log.Info($"going on with an unfinished build: {journal.Shards.Sum(shard => shard.Documents):N0} documents are in"
            + (journal.TextComplete ? $", {journal.Shards.Count(shard => shard.HasTable):N0} of {Count(journal.Shards.Count)} sorted" : $", {Count(journal.Shards.Count)} begun"));
        var writer = new IndexWriter(folder, width, vocabularySize, settings, journal, journaled: true);
        try
        {
            writer.CheckWritten(log, cancellation);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private static string Count(int shards) => shards == 1 ? "1 shard" : $"{shards:N0} shards";

    private static long ShardTokens(IndexBuildSettings settings, TokenWidth width, int vocabularySize)
        => settings.ShardTokens ?? BuildMemory.ShardTokens(settings.MemoryBytes, width, vocabularySize, settings.Threads);

    /// <summary>Whether all text is in, so that only <see cref="Finish"/> is left.</summary>
    public bool TextComplete => journal.TextComplete;

    /// <summary>Tokens so far, one separator per document included.</summary>
    public long TokenCount => Total(shard => shard.Tokens) + (open?.TokenCount ?? 0);

    public long DocumentCount => Total(shard => shard.Documents) + (open?.DocumentCount ?? 0);

    /// <summary>How far the sources are read; the caller keeps it in step with what it appends.</summary>
    public List<JournaledSource> Sources => journal.Sources;

    private long Total(Func<JournaledShard, long> count) => journal.Shards.Where(shard => shard.Closed).Sum(count);

    private int OpenNumber => journal.Shards.Count(shard => shard.Closed);

    /// <summary>Adds a document; <see cref="Sources"/> must be in step with those before it.</summary>
    /// <param name="document">Its tokens, each in [0, V) and none the separator's value.</param>
    /// <param name="metadataLine">One JSON object on one line, without the newline.</param>
    /// <exception cref="InputException">The document fits in no shard.</exception>
    public void Append(ReadOnlySpan<int> document, string metadataLine)
    {
        int limit = width == TokenWidth.U32 ? vocabularySize : Math.Min(vocabularySize, width.Separator());
        foreach (int token in document)
        {
            if ((uint)token >= (uint)limit)
                throw new ArgumentOutOfRangeException(nameof(document), $"token {token} is not in [0, {limit}), the {width.Name()} tokens of a vocabulary of {vocabularySize}");
        }
        long needed = document.Length + 1L;
        if (needed > journal.ShardTokens)
            throw TooLong(needed, metadataLine);
        if (open is not null && open.TokenCount + needed > journal.ShardTokens)
        {
            CloseShard();
            Save();
        }
        open ??= ShardWriter.Create(building, OpenNumber, width, vocabularySize);
        open.Append(document, metadataLine);
        settings.OnStep?.Invoke(BuildStep.Appended);
    }

    private InputException TooLong(long tokens, string metadataLine)
    {
        string advice = tokens > BuildMemory.LongestShard
            ? "cut it into several documents"
            : $"with \"memory\" of {BuildMemory.Gigabytes(BuildMemory.Needed(tokens, width, vocabularySize, settings.Threads))} GB it fits; or cut it into several documents";
        return new InputException(
            $"a document of the reference ({metadataLine}) has {tokens:N0} tokens, and a shard of the index only {journal.ShardTokens:N0}: {advice}");
    }

    private void CloseShard()
    {
        JournaledShard shard = open!.Close();
        open.Dispose();
        int number = OpenNumber;
        open = null;
        Put(number, shard);
        settings.OnStep?.Invoke(BuildStep.ShardClosed);
    }

    private void Put(int number, JournaledShard shard)
    {
        if (number == journal.Shards.Count)
            journal.Shards.Add(shard);
        else
            journal.Shards[number] = shard;
    }

    /// <summary>Saves how far the build has come, where the last save is long enough ago.</summary>
    public void SaveWhenDue()
    {
        if (Environment.TickCount64 - lastSave >= settings.SaveInterval.TotalMilliseconds)
            Save();
    }

    /// <summary>Brings all documents so far to the disk, then the journal that says so.</summary>
    public void Save()
    {
        if (!journaled)
            return;
        settings.OnStep?.Invoke(BuildStep.Saving);
        if (open is not null)
            Put(OpenNumber, open.Flush());
        if (journal.Shards.Count == 0)
            return;
        journal.Write(building);
        lastSave = Environment.TickCount64;
        settings.OnStep?.Invoke(BuildStep.Saved);
    }

    /// <summary>Reads all that an earlier process has written, which is known to be right only then.</summary>
    private void CheckWritten(IJobLog log, CancellationToken cancellation)
    {
        var publisher = new IndexPublisher(building, journal.Shards.Count, settings.OnStep);
        using IJobProgress progress = log.Start("checking the unfinished build", journal.Shards.Sum(shard => shard.Files.Values.Sum(file => file.Bytes)), "bytes");
        for (int number = 0; number < journal.Shards.Count; number++)
        {
            JournaledShard shard = journal.Shards[number];
            if (!shard.Closed)
            {
                open = ShardWriter.Continue(building, number, width, vocabularySize, shard, Read);
                continue;
            }
            foreach (var (kind, record) in shard.Files)
                CheckFile(journal.TextComplete ? publisher.Find(kind, number) : building.ShardFile(kind, number), record, Read);
        }

        void Read(int bytes)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Advance(bytes);
        }
    }

    private static void CheckFile(string path, IndexFileRecord record, Action<int> read)
    {
        string name = Path.GetFileName(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.Length != record.Bytes)
                throw new UnusableBuildException($"{name} has {file.Length:N0} bytes where {record.Bytes:N0} were written");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 18];
            int count;
            while ((count = file.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, count);
                read(count);
            }
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != record.Sha256)
                throw new UnusableBuildException($"{name} is not what was written");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UnusableBuildException($"{name} cannot be read ({problem.Message.TrimEnd('.')})", problem);
        }
    }

    /// <summary>Sorts what is not sorted yet and gives the files their names.</summary>
    /// <exception cref="InputException">The disk or the memory does not suffice.</exception>
    public IndexManifest Finish(IndexTokenizer tokenizer, int endOfText, string key, IJobLog log, CancellationToken cancellation)
    {
        if (!journal.TextComplete)
        {
            if (journal.Shards.Count == 0)
                open ??= ShardWriter.Create(building, 0, width, vocabularySize);
            if (open is not null)
                CloseShard();
            journal.TextComplete = true;
            Save();
        }
        RequireSpace();
        ReleaseMemory();
        for (int number = 0; number < journal.Shards.Count; number++)
        {
            if (!journal.Shards[number].HasTable)
                Sort(number, log, cancellation);
        }
        return Publish(tokenizer, endOfText, key);
    }

    private void Sort(int number, IJobLog log, CancellationToken cancellation)
    {
        JournaledShard shard = journal.Shards[number];
        string part = journal.Shards.Count == 1 ? "" : $", shard {number + 1} of {journal.Shards.Count}";
        IndexFileRecord table = new ShardTable(width, vocabularySize, settings.Threads, settings.WidePositions).Write(
            building, number, shard.Files[IndexFiles.Tokens].Bytes, part, log, cancellation);
        settings.OnStep?.Invoke(BuildStep.TableWritten);
        journal.Shards[number] = shard with { Files = new Dictionary<string, IndexFileRecord>(shard.Files) { [IndexFiles.Table] = table } };
        Save();
    }

    /// <summary>A disk that will not hold the tables should be known before the hours of sorting.</summary>
    private void RequireSpace()
    {
        long tables = journal.Shards.Where(shard => !shard.HasTable).Sum(shard => shard.Tokens * PointerWidth(shard.Files[IndexFiles.Tokens].Bytes));
        if (settings.FreeBytes(building.IndexFolder) is { } free && free < tables)
        {
            throw new InputException(
                $"the disk of {building.IndexFolder} has {free / 1e6:N1} MB free, and the index's tables need {tables / 1e6:N1} MB; make room and run the same command to go on, or choose another place with --output (an index: \"cache\")");
        }
    }

    /// <summary>Where memory is short, what tokenising left behind must not stay beside what sorting takes.</summary>
    private void ReleaseMemory()
    {
        long sorting = journal.Shards.Where(shard => !shard.HasTable).Select(shard => BuildMemory.Sorting(shard.Tokens, width, vocabularySize, settings.Threads)).DefaultIfEmpty().Max();
        if (sorting > (settings.MemoryBytes ?? BuildMemory.Default) / 4)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private IndexManifest Publish(IndexTokenizer tokenizer, int endOfText, string key)
    {
        var publisher = new IndexPublisher(building, journal.Shards.Count, settings.OnStep);
        var records = new SortedDictionary<string, IndexFileRecord>(StringComparer.Ordinal);
        var files = new List<(string, int)>();
        for (int number = 0; number < journal.Shards.Count; number++)
        {
            foreach (var (kind, record) in journal.Shards[number].Files)
            {
                files.Add((kind, number));
                records.Add(Path.GetFileName(publisher.Target(kind, number)), record);
            }
        }
        var manifest = new IndexManifest(
            IndexManifest.CurrentVersion, width.Name(), endOfText, vocabularySize, tokenizer, DocumentCount, TokenCount, key, records);
        publisher.Publish(files, manifest);
        return manifest;
    }

    /// <summary>Pointer width of infini-gram's own writer: enough bytes for the token file's size, at least one.</summary>
    internal static int PointerWidth(long tokenBytes) => ShardTable.PointerWidth(tokenBytes);

    /// <summary>Drops all that was written.</summary>
    public void Discard()
    {
        Close();
        building.Delete();
    }

    private void Close()
    {
        open?.Dispose();
        open = null;
    }

    public void Dispose()
    {
        Close();
        // Without a journal nobody can go on with it.
        if (!building.Exists)
            building.Delete();
    }
}

using Gim.Config;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Fmri.Responses;

/// <summary>
/// One subject's responses: a file for each story (<see cref="ResponseSource"/>), all with the same targets, whose sizes are
/// checked when they are opened. Values are read by ranges of targets, so that a whole brain's need not fit in memory; files
/// are open only while they are read.
/// </summary>
internal sealed class SubjectResponses
{
    private readonly Dictionary<string, ResponseSource> files;
    private readonly Dictionary<string, int> rows;

    private SubjectResponses(string subject, StorySplit split, Dictionary<string, ResponseSource> files, Dictionary<string, int> rows, int targets)
    {
        Subject = subject;
        Split = split;
        this.files = files;
        this.rows = rows;
        Targets = targets;
    }

    public string Subject { get; }

    /// <summary>The stories that the subject heard.</summary>
    public StorySplit Split { get; }

    /// <summary>Columns of every file: voxels or components.</summary>
    public int Targets { get; }

    /// <summary>TRs of a story.</summary>
    public int Rows(string story) => rows[story];

    /// <summary>TRs of several stories.</summary>
    public int Rows(IEnumerable<string> stories) => stories.Sum(story => rows[story]);

    /// <summary>Opens every file once and checks its size.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="folder">The folder with a file for each story.</param>
    /// <param name="split">The stories; those for fitting that have no file are left out, with a line on <paramref name="log"/>.</param>
    /// <param name="expected">For a story the rows its file must have, and why ("respdict.json's 261 TRs - 20").</param>
    /// <param name="log">Where to say what is left out.</param>
    /// <exception cref="InputException">A file has another size, no story for fitting has a file, or one for testing has none.</exception>
    public static SubjectResponses Open(
        string subject, string folder, StorySplit split, Func<string, (int Rows, string Reason)> expected, IJobLog log)
    {
        Dictionary<string, ResponseSource> files = ResponseFiles.In(folder).ToDictionary(file => file.Key, file => ResponseSource.File(file.Value), StringComparer.Ordinal);
        foreach (string story in split.Test)
        {
            if (!files.ContainsKey(story))
                throw new InputException($"{Quote.OneLine(folder)} has no file for the test story {Quote.Of(story)}; expected {ResponseFiles.Expected}: fetch it, or take the story out of the test stories");
        }
        StorySplit heard = split.Where(files.ContainsKey);
        if (split.Train.Count == 0)
            throw new InputException("there is no story to fit on; name some in split.json under \"train\", or fewer in \"dataset.test\"");
        if (heard.Train.Count == 0)
            throw new InputException($"{Quote.OneLine(folder)} has no file for any of the {split.Train.Count} stories to fit on; expected {ResponseFiles.Expected}, named after the stories");
        if (heard.Train.Count < split.Train.Count)
        {
            string[] missing = [.. split.Train.Except(heard.Train).Select(Quote.Shorten)];
            log.Info($"{Quote.Shorten(subject)} has no responses to {missing.Length} of {split.Train.Count} stories to fit on ({string.Join(", ", missing.Take(5))}{(missing.Length > 5 ? ", ..." : "")})");
        }
        return Open(subject, heard, files, expected);
    }

    /// <summary>Opens what stands for a file for every story once and checks its size.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="split">The stories.</param>
    /// <param name="files">Of every story of <paramref name="split"/>; others are not looked at.</param>
    /// <param name="expected">For a story the rows its file must have, and why.</param>
    /// <exception cref="InputException">One has another size.</exception>
    public static SubjectResponses Open(
        string subject, StorySplit split, Dictionary<string, ResponseSource> files, Func<string, (int Rows, string Reason)> expected)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        (string Story, int Columns)? first = null;
        foreach (string story in split.All)
        {
            (int wanted, string reason) = expected(story);
            using IResponseFile file = files[story].Open();
            string where = $"{Quote.Shorten(subject)}, story {Quote.Of(story)}: {Quote.OneLine(files[story].Description)}";
            if (file.Rows != wanted)
                throw new InputException($"{where} has {file.Rows} TRs where {wanted} were expected ({reason}); fetch it again, or leave the story out");
            first ??= (story, file.Columns);
            if (file.Columns != first.Value.Columns)
                throw new InputException($"{where} has {file.Columns} targets where the file of {Quote.Of(first.Value.Story)} has {first.Value.Columns}; all stories of a subject need the same ones");
            rows.Add(story, wanted);
        }
        return new SubjectResponses(subject, split, files, rows, first!.Value.Columns);
    }

    /// <summary>Cuts the targets into ranges of which one, for several stories, takes no more than so many bytes; at least one target each.</summary>
    public IEnumerable<(int First, int Count)> Ranges(IReadOnlyList<string> stories, long bytes)
    {
        long all = Math.Max(1, Rows(stories));
        int most = (int)Math.Clamp(Math.Min(bytes / sizeof(float), Array.MaxLength) / all, 1, Targets);
        for (int first = 0; first < Targets; first += most)
            yield return (first, Math.Min(most, Targets - first));
    }

    /// <summary>Reads a range of targets for several stories.</summary>
    /// <param name="stories">Their names; targets left out are so in all of them: read training and test stories together.</param>
    /// <param name="first">The first target.</param>
    /// <param name="count">How many.</param>
    /// <param name="invalid">What to do with targets that are not finite.</param>
    /// <param name="log">Where to say what is left out.</param>
    /// <exception cref="InputException">A file is damaged, or a value is not finite and that is to be an error.</exception>
    public ResponseBlock Read(IReadOnlyList<string> stories, int first, int count, InvalidTargets invalid, IJobLog log)
    {
        int all = Rows(stories);
        if ((long)all * count > Array.MaxLength)
            throw new InputException($"{Quote.Shorten(Subject)}: {all:N0} TRs of {count:N0} targets are too many for one piece; read fewer targets at a time");
        var values = new Matrix(all, count);
        var places = new List<StoryRows>();
        // For each target the first place where it is not finite.
        var bad = new (string Story, int Row)?[count];
        int start = 0;
        foreach (string story in stories)
        {
            var place = new StoryRows(story, start, rows[story]);
            Span<float> part = values.Values.AsSpan(start * count, place.Count * count);
            ReadStory(story, first, count, part);
            for (int i = 0; i < part.Length; i++)
            {
                if (!float.IsFinite(part[i]))
                    bad[i % count] ??= (story, i / count);
            }
            if (invalid == InvalidTargets.Refuse)
                CheckFinite(story, first, count, part);
            places.Add(place);
            start = place.End;
        }
        int[] kept = [.. Enumerable.Range(0, count).Where(target => bad[target] is null)];
        if (kept.Length < count)
        {
            int target = Array.FindIndex(bad, place => place is not null);
            (string story, int row) = bad[target]!.Value;
            log.Warn($"{Quote.Shorten(Subject)}: left out {count - kept.Length:N0} of targets {first} to {first + count - 1}, whose values are not all finite (first: target {first + target} in TR {row} of {Quote.Of(story)})");
            values = Select(values, kept);
        }
        return new ResponseBlock(values, places, [.. kept.Select(target => first + target)]);
    }

    /// <summary>Reads a range of one story's targets as they are in its file.</summary>
    /// <param name="story">Its name.</param>
    /// <param name="first">The first target.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">[TRs, count]</param>
    /// <exception cref="InputException">The file is damaged or has changed.</exception>
    public void ReadStory(string story, int first, int count, Span<float> destination)
    {
        using IResponseFile file = files[story].Open();
        Check(file, story);
        file.Read(first, count, destination);
    }

    /// <summary>Refuses what a range of one story's targets holds beside finite numbers, naming the first such target.</summary>
    /// <param name="story">Its name.</param>
    /// <param name="first">The first target.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">[TRs, count]</param>
    /// <exception cref="InputException">A value is not finite.</exception>
    public void CheckFinite(string story, int first, int count, ReadOnlySpan<float> values)
    {
        int column = int.MaxValue;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                column = Math.Min(column, i % count);
        }
        if (column == int.MaxValue)
            return;
        int invalid = 0, row = -1, all = values.Length / count;
        for (int i = 0; i < all; i++)
        {
            if (float.IsFinite(values[i * count + column]))
                continue;
            row = row < 0 ? i : row;
            invalid++;
        }
        string how = invalid == all ? $"not finite in any of its {all} TRs" : $"{values[row * count + column]} in TR {row}";
        throw new InputException(
            $"{Quote.Shorten(Subject)}, story {Quote.Of(story)}: target {first + column} is {how} ({Quote.OneLine(files[story].Description)}); leave such targets out (\"invalidTargets\": \"exclude\"), or write the files without them");
    }

    /// <summary>
    /// Reads a range of targets for each single presentation of a story, [TRs, count] each; null where its file has only
    /// their average. Values that are not finite stay as they are.
    /// </summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public Matrix[]? ReadTrials(string story, int first, int count)
    {
        using IResponseFile file = files[story].Open();
        Check(file, story);
        if (file.FindTrials() is not { } trials)
            return null;
        var read = new Matrix[trials.Count];
        for (int trial = 0; trial < read.Length; trial++)
        {
            read[trial] = new Matrix(file.Rows, count);
            trials.Read(trial, first, count, read[trial].Values);
        }
        return read;
    }

    private void Check(IResponseFile file, string story)
    {
        if (file.Rows != rows[story] || file.Columns != Targets)
            throw new InputException($"{Quote.OneLine(files[story].Description)} has changed while it was in use; run again");
    }

    private static Matrix Select(Matrix all, int[] columns)
    {
        var selected = new Matrix(all.Rows, columns.Length);
        for (int row = 0; row < all.Rows; row++)
        {
            Span<float> from = all.Row(row), to = selected.Row(row);
            for (int j = 0; j < columns.Length; j++)
                to[j] = from[columns[j]];
        }
        return selected;
    }
}

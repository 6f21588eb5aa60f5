using CsvHelper;
using Gim.Files;

namespace Gim.Evaluate;

/// <summary>
/// <c>predictions.csv</c> while it grows: rows go to a file of another name, so that a run that is stopped, in whatever
/// way, finds them again, and the file gets its name when it is complete. The rows found again belong to the run only
/// if its fingerprint is the one noted beside them.
/// </summary>
public sealed class PredictionsFile : IDisposable
{
    public const string FileName = "predictions.csv";
    private const string PartialName = "predictions.unfinished.csv";
    private const string FingerprintName = "predictions.unfinished.key";

    private readonly string folder;
    private readonly FileStream stream;
    private readonly CsvWriter csv;

    private PredictionsFile(string folder, IReadOnlyList<PredictionScore> kept, bool droppedOther)
    {
        this.folder = folder;
        Kept = kept;
        DroppedOther = droppedOther;
        try
        {
            stream = new FileStream(PartialPath(folder), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {PartialPath(folder)}: {problem.Message.TrimEnd('.')}; choose another place with --output", problem);
        }
        csv = PredictionRows.Writer(stream);
        Append(kept);
    }

    /// <summary>Rows of the interrupted run: all models of each of its first examples.</summary>
    public IReadOnlyList<PredictionScore> Kept { get; }

    /// <summary>Whether an interrupted run with another fingerprint had left rows here, which are gone now.</summary>
    public bool DroppedOther { get; }

    /// <summary>Opens the file of a run, going on with what an interrupted run with the same fingerprint left.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="fingerprint">Of everything that decides the rows.</param>
    /// <param name="models">The models, in the order of an example's rows.</param>
    public static PredictionsFile Open(string folder, string fingerprint, IReadOnlyList<string> models)
    {
        string fingerprintPath = Path.Combine(folder, FingerprintName);
        bool same = File.Exists(fingerprintPath) && File.ReadAllText(fingerprintPath) == fingerprint;
        bool left = File.Exists(PartialPath(folder));
        IReadOnlyList<PredictionScore> kept = same && left ? ReadKept(PartialPath(folder), models) : [];
        OutputFile.WriteAllText(fingerprintPath, fingerprint);
        return new PredictionsFile(folder, kept, left && !same);
    }

    /// <summary>Adds rows and hands them to the system, so that they survive the process.</summary>
    public void Append(IReadOnlyList<PredictionScore> rows)
    {
        foreach (PredictionScore row in rows)
            PredictionRows.Write(csv, row);
        csv.Flush();
        stream.Flush();
    }

    /// <summary>Gives the complete file its name.</summary>
    public void Commit()
    {
        Dispose();
        File.Move(PartialPath(folder), Path.Combine(folder, FileName), overwrite: true);
        File.Delete(Path.Combine(folder, FingerprintName));
    }

    /// <summary>
    /// Removes the rows, after an input turned out to be damaged: they may rest on it, and a run with the same
    /// fingerprint would go on from them.
    /// </summary>
    public void Discard()
    {
        Dispose();
        File.Delete(PartialPath(folder));
        File.Delete(Path.Combine(folder, FingerprintName));
    }

    public void Dispose()
    {
        csv.Dispose();
        stream.Dispose();
    }

    private static string PartialPath(string folder) => Path.Combine(folder, PartialName);

    private static List<PredictionScore> ReadKept(string path, IReadOnlyList<string> models)
    {
        DropHalfLine(path);
        var rows = new List<PredictionScore>();
        foreach (PredictionScore row in PredictionRows.ReadWhole(path))
        {
            if (row.Example != rows.Count / models.Count || row.ModelName != models[rows.Count % models.Count])
                break;
            rows.Add(row);
        }
        int surplus = rows.Count % models.Count;
        rows.RemoveRange(rows.Count - surplus, surplus);
        return rows;
    }

    /// <summary>A process that is killed can leave half a line at the end, whose last field may still look whole.</summary>
    private static void DropHalfLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        while (file.Length > 0)
        {
            file.Position = file.Length - 1;
            if (file.ReadByte() == '\n')
                break;
            file.SetLength(file.Length - 1);
        }
    }
}

using System.Globalization;
using Gim.Files;

namespace Gim.Index.Build;

/// <summary>
/// Gives the files of a build that is complete their names, in place of an earlier index. A process that is killed
/// meanwhile leaves each file in one of its two places, and doing all of it again ends as once would have.
/// </summary>
internal sealed class IndexPublisher(BuildFolder building, int shards, Action<BuildStep>? onStep)
{
    /// <summary>
    /// The shard's number in file names. Shards stand in the order of their names as text, so all have as many digits
    /// as the last.
    /// </summary>
    public string ShardName(int shard)
        => shard.ToString($"D{(shards - 1).ToString(CultureInfo.InvariantCulture).Length}", CultureInfo.InvariantCulture);

    /// <summary>A shard's file under its final name.</summary>
    public string Target(string kind, int shard) => Path.Combine(building.IndexFolder, $"{kind}.{ShardName(shard)}");

    /// <summary>Where a finished file is now.</summary>
    public string Find(string kind, int shard)
        => building.ShardFile(kind, shard) is var made && File.Exists(made) ? made : Target(kind, shard);

    /// <param name="files">All files, by kind and shard.</param>
    /// <param name="manifest">What gim.json is to say.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public void Publish(IReadOnlyList<(string Kind, int Shard)> files, IndexManifest manifest)
    {
        // From here on the folder is not an index until the new manifest stands.
        OutputFile.Remove(Path.Combine(building.IndexFolder, IndexManifest.FileName));
        RemoveOthers(manifest);
        onStep?.Invoke(BuildStep.EarlierRemoved);
        foreach (var (kind, shard) in files)
        {
            string made = building.ShardFile(kind, shard), target = Target(kind, shard);
            if (!File.Exists(made))
                continue;
            try
            {
                File.Move(made, target, overwrite: true);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"cannot write {target}: {problem.Message.TrimEnd('.')}; if another program has it open, end that and run the same command to go on", problem);
            }
            onStep?.Invoke(BuildStep.FileMoved);
        }
        manifest.Write(building.IndexFolder);
        onStep?.Invoke(BuildStep.ManifestWritten);
        building.Delete();
    }

    /// <summary>An earlier index of more shards would leave some that were taken for this one's.</summary>
    private void RemoveOthers(IndexManifest manifest)
    {
        foreach (string path in Directory.EnumerateFiles(building.IndexFolder))
        {
            string name = Path.GetFileName(path);
            if (BuildFolder.IsIndexFile(name) && !manifest.Files.ContainsKey(name))
                OutputFile.Remove(path);
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Fmri.Models;
using Gim.Kernels.Devices;

namespace Gim.Jobs;

/// <summary>
/// What decides the scores of an fmri run, as one hash: by it an interrupted run knows whether the sets that it finished
/// belong to this one. Settings, program and device; of files, which can be large, their length and time of last change.
/// </summary>
internal static class FmriFingerprint
{
    /// <summary>Keys that decide no score.</summary>
    private static readonly string[] FreeKeys = ["device", "threads", "output", "memory", "evidence"];

    public static string Of(FmriConfig config, string effectiveJson, string subject, Recording recording, Device device, OwnFolders own)
    {
        var all = new StringBuilder();
        JsonObject effective = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in FreeKeys)
            effective.Remove(key);
        all.AppendLine(effective.ToJsonString()).AppendLine(subject).AppendLine(device.Description.Choice);
        foreach (Type type in (Type[])[typeof(FmriFingerprint), typeof(Device)])
            all.AppendLine(type.Module.ModuleVersionId.ToString());
        all.AppendJoin(',', recording.Targets.Numbers).AppendLine();
        string? folder = config.Dataset switch
        {
            Ds003020DatasetConfig real => real.Path,
            PlainDatasetConfig plain => plain.Path,
            _ => null,
        };
        if (folder is not null) AddFolder(all, folder, own);
        AddFile(all, config.Eng1000);
        AddFile(all, config.SimilarityModel ?? SimilarityModel.ShippedPath);
        foreach (DocumentSourceConfig text in config.Cooccurrence.Text)
            all.AppendLine(SourceFactory.Create(text, own).Fingerprint);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    /// <summary>All files below a folder but the run's own.</summary>
    private static void AddFolder(StringBuilder all, string folder, OwnFolders own)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (string path in Directory.EnumerateFiles(folder, "*", options).Where(path => !own.Contain(path)).Order(StringComparer.Ordinal))
            AddFile(all, path);
    }

    private static void AddFile(StringBuilder all, string? path)
    {
        if (path is null || !File.Exists(path)) return;
        var file = new FileInfo(path);
        all.Append(path).Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks).AppendLine();
    }
}

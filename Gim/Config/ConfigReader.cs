using System.Text.Json;

namespace Gim.Config;

/// <summary>Reads a config file and the command line's overrides into a checked, complete <see cref="JobConfig"/>.</summary>
public static class ConfigReader
{
    /// <summary>Reads a config.</summary>
    /// <param name="path">The config file, relative to the working directory.</param>
    /// <param name="overrides">The arguments of <c>--set</c> in their order: <c>key=value</c>; later ones win.</param>
    /// <param name="device">The argument of <c>--device</c>, or null; wins over <c>--set device=</c>.</param>
    /// <param name="output">The argument of <c>--output</c>, or null; wins over <c>--set output=</c>.</param>
    /// <exception cref="InputException">The file or an override cannot be used; the message is one line.</exception>
    public static LoadedConfig Read(string path, IReadOnlyList<string> overrides, string? device = null, string? output = null) =>
        Read(path, overrides, device, output, Environment.CurrentDirectory);

    internal static LoadedConfig Read(
        string path, IReadOnlyList<string> overrides, string? device, string? output, string workingDirectory)
    {
        ConfigNode root = ConfigFile.Read(path, workingDirectory);
        List<ConfigOverride> all = [.. overrides.Select(argument => ConfigOverride.Parse(argument, workingDirectory))];
        if (device is not null) all.Add(ConfigOverride.Option("device", device, workingDirectory));
        if (output is not null) all.Add(ConfigOverride.Option("output", output, workingDirectory));
        // Only an object has places for overrides; the binder says so about anything else.
        string[] log = root.Kind == JsonValueKind.Object ? [.. all.Select(one => one.Apply(root))] : [];

        JobConfig config = Complete(ConfigBinder.Bind(root), path, workingDirectory);
        string effective = JsonSerializer.Serialize(config, ConfigJson.TypeOf(typeof(JobConfig))) + "\n";
        return new LoadedConfig(config, effective, log);
    }

    /// <summary>Fills in the defaults that depend on other values.</summary>
    private static JobConfig Complete(JobConfig config, string path, string workingDirectory)
    {
        string name = Path.GetFileNameWithoutExtension(path) is { Length: > 0 } given ? given : "config";
        string output = config.Output ?? Path.GetFullPath(Path.Combine("runs", name), workingDirectory);
        return config switch
        {
            LanguageModelConfig lm => lm with
            {
                Output = output,
                Cache = lm.Cache ?? Path.Combine(output, "cache"),
                Reference = [.. lm.Reference.Select(source => WithPart(source, SampleSourceConfig.Runtime))],
                Test = WithPart(lm.Test, SampleSourceConfig.AspNetCore),
            },
            IndexConfig index => index with
            {
                Output = output,
                Reference = [.. index.Reference.Select(source => WithPart(source, SampleSourceConfig.Runtime))],
            },
            TrainConfig train => train with
            {
                Output = output,
                Sources = train.Sources is { } sources
                    ? [.. sources.Select(source => source with { Source = WithPart(source.Source, SampleSourceConfig.Runtime) })]
                    : train.Teacher is null ? [new TrainingSourceConfig { Source = new SampleSourceConfig { Part = SampleSourceConfig.Runtime } }] : null,
            },
            FmriConfig fmri => fmri with
            {
                Output = output,
                Cooccurrence = fmri.Cooccurrence with
                {
                    Text = [.. fmri.Cooccurrence.Text.Select(source => WithPart(source, SampleSourceConfig.Runtime))],
                },
            },
            _ => config with { Output = output },
        };
    }

    private static T WithPart<T>(T source, string part) where T : SourceConfig =>
        source is SampleSourceConfig { Part: null } sample ? (T)(SourceConfig)(sample with { Part = part }) : source;
}

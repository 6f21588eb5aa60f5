namespace Gim.Config;

/// <summary>A config as it will run.</summary>
/// <param name="Config">The record: paths absolute, defaults filled in.</param>
/// <param name="EffectiveJson">The same as JSON text, with a final line break; reading it gives an equal record.</param>
/// <param name="Overrides">For the log: a line per override in the order applied, with the value it replaced.</param>
public sealed record LoadedConfig(JobConfig Config, string EffectiveJson, IReadOnlyList<string> Overrides);

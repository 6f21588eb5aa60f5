namespace Gim.Config;

/// <summary>
/// The property is a path: in a config file relative to that file's folder, on the command line relative to the
/// working directory. <see cref="ConfigReader"/> makes it absolute, so no later stage asks where it was written.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigPathAttribute : Attribute;

/// <summary>The value (of a list: each value, and each once) is one of these names.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}

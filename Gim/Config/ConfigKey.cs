namespace Gim.Config;

/// <summary>Dotted keys, as messages show them and <c>--set</c> takes them: <c>reference.0.path</c>.</summary>
internal static class ConfigKey
{
    /// <summary>Known beside the root's keys: editors look there for the schema; it says nothing to a run.</summary>
    public const string Schema = "$schema";

    public static string Join(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    public static string Join(string key, int index) => $"{key}.{index}";
}

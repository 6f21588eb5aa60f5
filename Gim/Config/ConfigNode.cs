using System.Text.Json;

namespace Gim.Config;

/// <summary>Where JSON text stands: a config file, or one argument of the command line.</summary>
/// <param name="Name">The file as the user named it, or the argument ("--set test.path=x").</param>
/// <param name="Folder">The folder to which paths in this text are relative, absolute.</param>
/// <param name="IsFile">Whether lines have a meaning here.</param>
internal sealed record ConfigText(string Name, string Folder, bool IsFile);

/// <summary>A place in a <see cref="ConfigText"/>, for messages. <paramref name="Line"/> counts from 1.</summary>
internal readonly record struct ConfigPlace(ConfigText Text, int Line)
{
    public override string ToString() => Text.IsFile ? $"{Text.Name}, line {Line}" : Text.Name;
}

/// <summary>A member of an object, with the place of its key.</summary>
internal sealed record ConfigMember(string Name, ConfigPlace Place, ConfigNode Value);

/// <summary>
/// One JSON value that remembers where it was written. (System.Text.Json's own nodes do not, and a message without a
/// line leaves the user searching.)
/// </summary>
internal sealed class ConfigNode(JsonValueKind kind, ConfigPlace place, string scalar = "")
{
    public JsonValueKind Kind { get; } = kind;

    public ConfigPlace Place { get; } = place;

    /// <summary>The text of a string, or a number as it was written.</summary>
    public string Scalar { get; } = scalar;

    /// <summary>An object's members in their order; names are unique.</summary>
    public List<ConfigMember> Members { get; } = [];

    public List<ConfigNode> Items { get; } = [];

    public ConfigMember? Find(string name) => Members.Find(member => member.Name == name);

    /// <summary>Puts <paramref name="value"/> in the place of the member of that name, or behind the last one.</summary>
    public void Put(string name, ConfigNode value)
    {
        var member = new ConfigMember(name, value.Place, value);
        int at = Members.FindIndex(known => known.Name == name);
        if (at < 0) Members.Add(member);
        else Members[at] = member;
    }

    /// <summary>The value in a message: what kind it is and, where short enough to help, the value itself.</summary>
    public string Found => Kind switch
    {
        JsonValueKind.Object => "an object {...}",
        JsonValueKind.Array => Items.Count == 0 ? "an empty list []" : "a list [...]",
        JsonValueKind.String => $"the text {Quote.Of(Scalar)}",
        JsonValueKind.Number => $"the number {Quote.Shorten(Scalar)}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>The value as compact JSON, for the log.</summary>
    public override string ToString() => Kind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', Members.Select(member => $"{ConfigJson.Text(member.Name)}:{member.Value}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', Items)}]",
        JsonValueKind.String => ConfigJson.Text(Scalar),
        JsonValueKind.Number => Scalar,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}

using System.Text;
using System.Xml;

namespace Gim.Text.Sources;

/// <summary>One <c>member</c> of an XML documentation file, and how it is told as text.</summary>
internal sealed class DocMember
{
    private readonly List<(string Name, string Text)> exceptions = [];
    private readonly List<string> seeAlso = [];
    private readonly List<string> parameterTexts = [];
    private readonly List<string> typeParameterTexts = [];
    private string summary = "";
    private string remarks = "";
    private string value = "";
    private string returns = "";
    private string example = "";

    /// <summary>Names of the parameters, in the documentation's order.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>Names of the type parameters, in the documentation's order.</summary>
    public List<string> TypeParameters { get; } = [];

    /// <summary>Reads the member the reader stands on, and leaves the reader behind it.</summary>
    /// <exception cref="XmlException">The file is no XML.</exception>
    public static DocMember Read(XmlReader reader, DocProse prose, DocNames names)
    {
        var member = new DocMember();
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return member;
        }
        int depth = reader.Depth;
        reader.Read();
        while (reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
                member.ReadPart(reader, prose, names);
            else
                reader.Read();
        }
        reader.Read();
        return member;
    }

    /// <summary>Writes the text below a type's heading.</summary>
    public void WriteType(StringBuilder text)
    {
        Line(text, "", summary);
        Line(text, "", remarks);
        Named(text, TypeParameters, typeParameterTexts);
        Named(text, Parameters, parameterTexts);
        Line(text, "Returns: ", returns);
        WriteEnd(text);
    }

    /// <summary>Writes the text below a member's name line.</summary>
    public void WriteMember(StringBuilder text, char kind)
    {
        Line(text, "", summary);
        Line(text, "Value: ", value);
        Named(text, TypeParameters, typeParameterTexts);
        Named(text, Parameters, parameterTexts);
        // Many properties are documented with what a method has.
        Line(text, kind == 'M' ? "Returns: " : "Value: ", returns);
        foreach (var (name, cause) in exceptions)
            Line(text, cause.Length == 0 ? $"Throws {name}." : $"Throws {name}: ", cause, evenEmpty: true);
        Line(text, "", remarks);
        WriteEnd(text);
    }

    private void WriteEnd(StringBuilder text)
    {
        Line(text, "", example);
        if (seeAlso.Count > 0)
            Line(text, "See also: ", string.Join(", ", seeAlso));
    }

    private void ReadPart(XmlReader reader, DocProse prose, DocNames names)
    {
        string element = reader.LocalName;
        string name = reader.GetAttribute("name") ?? "";
        string cref = reader.GetAttribute("cref") ?? "";
        string href = reader.GetAttribute("href") ?? "";
        string text = prose.Read(reader);
        switch (element)
        {
            case "summary":
                summary = Join(summary, text);
                break;
            case "remarks" or "remark" or "content" or "para" or "p":
                remarks = Join(remarks, text);
                break;
            case "value":
                value = Join(value, text);
                break;
            case "returns" or "return":
                returns = Join(returns, text);
                break;
            case "example" or "examples":
                example = Join(example, text);
                break;
            case "param" when name.Length > 0:
                Parameters.Add(name);
                parameterTexts.Add(text);
                break;
            case "typeparam" when name.Length > 0:
                TypeParameters.Add(name);
                typeParameterTexts.Add(text);
                break;
            case "exception" when cref.Length > 0:
                exceptions.Add((names.Short(cref), text));
                break;
            case "seealso" when text.Length > 0 || cref.Length > 0 || href.Length > 0:
                seeAlso.Add(text.Length > 0 ? text : cref.Length > 0 ? names.Short(cref) : href);
                break;
        }
    }

    private static string Join(string first, string second) =>
        first.Length == 0 ? second : second.Length == 0 ? first : $"{first}\n{second}";

    private static void Line(StringBuilder text, string label, string content, bool evenEmpty = false)
    {
        if (content.Length > 0 || evenEmpty)
            text.Append(label).Append(content).Append('\n');
    }

    private static void Named(StringBuilder text, List<string> names, List<string> texts)
    {
        for (int i = 0; i < names.Count; i++)
            if (texts[i].Length > 0)
                text.Append(names[i]).Append(": ").Append(texts[i]).Append('\n');
    }
}

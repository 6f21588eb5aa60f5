using System.Buffers;
using System.Text;
using System.Xml;

namespace Gim.Text.Sources;

/// <summary>
/// The content of an XML documentation element as plain text: references become names, lists and paragraphs become
/// lines, white space becomes single spaces, and no markup is left.
/// </summary>
internal sealed class DocProse(DocNames names)
{
    private static readonly SearchValues<char> White = SearchValues.Create(" \t\r\n");
    private readonly StringBuilder text = new();
    private bool space;
    private bool lineBreak;

    /// <summary>Whether a line has just begun, so that neither a space nor a break is due.</summary>
    private bool lineStart = true;
    private int referenceStart;
    private string reference = "";

    /// <summary>Reads the element the reader stands on, and leaves the reader behind it.</summary>
    /// <exception cref="XmlException">The file is no XML.</exception>
    public string Read(XmlReader reader)
    {
        text.Clear();
        (space, lineBreak, lineStart) = (false, false, true);
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return "";
        }
        int depth = reader.Depth;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Start(reader);
                    break;
                case XmlNodeType.EndElement when reader.Depth == depth:
                    reader.Read();
                    return text.ToString();
                case XmlNodeType.EndElement:
                    End(reader.LocalName);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Words(reader.Value);
                    break;
            }
        }
        return text.ToString();
    }

    private void Start(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "see" or "seealso" or "xref" or "paramref" or "typeparamref":
                reference = Reference(reader);
                referenceStart = text.Length;
                if (reader.IsEmptyElement)
                    Words(reference);
                break;
            case "code":
                Code(reader);
                break;
            case "para" or "p" or "div" or "br" or "ul" or "ol" or "list" or "listheader" or "note" or "example":
                Break();
                break;
            case "item" or "li":
                Break();
                Word("- ");
                lineStart = true;
                break;
            case "description":
                // "term: description" in one line; a description alone follows its bullet.
                if (!lineStart && !lineBreak)
                {
                    if (text[^1] is not (':' or '.' or ';'))
                        text.Append(':');
                    space = true;
                }
                break;
            case "sup":
                Words("^");
                break;
            case "devremarks" or "format":
                Skip(reader);
                break;
        }
    }

    private void End(string element)
    {
        switch (element)
        {
            case "see" or "seealso" or "xref" or "paramref" or "typeparamref":
                if (text.Length == referenceStart)
                    Words(reference);
                break;
            case "para" or "p" or "div" or "ul" or "ol" or "list" or "listheader" or "item" or "li" or "note" or "example":
                Break();
                break;
        }
    }

    /// <summary>The name that a reference stands for when it has no text of its own.</summary>
    private string Reference(XmlReader reader)
    {
        if (reader.GetAttribute("cref") is { } cref)
            return names.Short(cref);
        if (reader.GetAttribute("uid") is { } uid)
            return names.Short(Uri.UnescapeDataString(uid));
        return reader.GetAttribute("langword") ?? reader.GetAttribute("langref") ?? reader.GetAttribute("name")
            ?? reader.GetAttribute("href") ?? "";
    }

    /// <summary>Adds text; a blank line ends a paragraph, other white space is one space.</summary>
    private void Words(ReadOnlySpan<char> words)
    {
        while (!words.IsEmpty)
        {
            int length = words.IndexOfAny(White);
            if (length < 0)
                length = words.Length;
            if (length > 0)
                Word(words[..length]);
            words = words[length..];
            int white = words.IndexOfAnyExcept(White);
            if (white < 0)
                white = words.Length;
            if (white > 0)
            {
                space = true;
                // A blank line, or the next point of a list that was written as lines.
                int newlines = words[..white].Count('\n');
                if (newlines > 1 || (newlines == 1 && words[white..].StartsWith("- ")))
                    Break();
            }
            words = words[white..];
        }
    }

    private void Word(ReadOnlySpan<char> word)
    {
        if (lineBreak)
            text.Append('\n');
        else if (space && !lineStart)
            text.Append(' ');
        text.Append(word);
        (space, lineBreak, lineStart) = (false, false, false);
    }

    private void Break()
    {
        if (!lineStart)
            lineBreak = true;
    }

    /// <summary>Code keeps its lines; the indentation they share goes.</summary>
    private void Code(XmlReader reader)
    {
        string code = Raw(reader);
        var lines = code.ReplaceLineEndings("\n").Split('\n').Select(static l => l.TrimEnd()).ToList();
        while (lines.Count > 0 && lines[0].Length == 0)
            lines.RemoveAt(0);
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        if (lines.Count < 2)
        {
            Words(code);
            return;
        }
        int indent = lines.Where(static l => l.Length > 0).Min(static l => l.Length - l.AsSpan().TrimStart().Length);
        foreach (string line in lines)
        {
            Break();
            Word(line.AsSpan(Math.Min(indent, line.Length)));
        }
        Break();
    }

    /// <summary>All characters inside the element, and leaves the reader on its end.</summary>
    private static string Raw(XmlReader reader)
    {
        if (reader.IsEmptyElement)
            return "";
        var raw = new StringBuilder();
        int depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
            if (reader.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement))
                raw.Append(reader.Value);
        return raw.ToString();
    }

    private static void Skip(XmlReader reader)
    {
        if (!reader.IsEmptyElement)
            Raw(reader);
    }
}

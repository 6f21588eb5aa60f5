using System.Text;
using System.Xml;

namespace Gim.Text.Sources;

/// <summary>One type of an XML documentation file, told as text.</summary>
/// <param name="Type">The type's id, without <c>T:</c>.</param>
/// <param name="Line">0-based line of the file at which it is first named.</param>
/// <param name="Text">Heading, the type's own documentation, then its members in the file's order.</param>
internal sealed record DocType(string Type, long Line, string Text);

/// <summary>
/// Reads an XML documentation file, as compilers write it, type by type. Members are put to the type their id names,
/// wherever in the file they stand; a type that has only members gets a document without text of its own.
/// </summary>
internal sealed class DocFile
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a whole file; only the text of its types is kept.</summary>
    /// <exception cref="XmlException">The stream is no XML.</exception>
    public static (string Assembly, List<DocType> Types) Read(Stream stream, DocNames names)
    {
        var types = new List<Entry>();
        var byId = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var prose = new DocProse(names);
        string assembly = "";
        using var reader = XmlReader.Create(stream, Settings);
        var lines = (IXmlLineInfo)reader;
        reader.MoveToContent();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "name")
                assembly = prose.Read(reader);
            else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "member")
                Add(reader.GetAttribute("name") ?? "", lines.LineNumber - 1, DocMember.Read(reader, prose, names));
            else
                reader.Read();
        }
        return (assembly, types.ConvertAll(entry => new DocType(entry.Id, entry.Line, entry.Text(names))));

        void Add(string id, long line, DocMember member)
        {
            if (id.Length < 3 || id[1] != ':' || id[0] is not ('T' or 'M' or 'P' or 'F' or 'E'))
                return;
            var (type, rest) = id[0] == 'T' ? (id[2..], "") : DocNames.Split(id[2..]);
            if (!byId.TryGetValue(type, out var entry))
                types.Add(byId[type] = entry = new Entry(type, line));
            if (id[0] == 'T')
            {
                names.Learn(type, member.TypeParameters);
                member.WriteType(entry.Own);
                return;
            }
            entry.Members.Append('\n').Append(names.Member(id[0], type, rest, member.Parameters, member.TypeParameters));
            entry.Members.Append('\n');
            member.WriteMember(entry.Members, id[0]);
        }
    }

    private sealed class Entry(string id, long line)
    {
        public string Id => id;

        public long Line => line;

        public StringBuilder Own { get; } = new();

        public StringBuilder Members { get; } = new();

        public string Text(DocNames names) =>
            new StringBuilder(names.Title(id)).Append('\n').Append(Own).Append(Members).ToString().TrimEnd('\n');
    }
}

using System.Text;

namespace Gim.Text.Sources;

/// <summary>
/// Types as XML documentation ids write them (<c>System.Collections.Generic.List{`0}[]@</c>), read into what a
/// programmer writes (<c>ref List&lt;T&gt;[]</c>). An id that breaks the rules gives an odd name, never an error.
/// </summary>
/// <param name="id">The id, or a part of it, from <see cref="Position"/> on.</param>
/// <param name="typeParameters">Names behind <c>`0</c>, <c>`1</c> ...</param>
/// <param name="methodParameters">Names behind <c>``0</c>, <c>``1</c> ...</param>
/// <param name="keywords">Whether System.Int32 becomes <c>int</c>, as in a signature, or Int32, as in prose.</param>
internal sealed class DocTypeName(
    string id, IReadOnlyList<string> typeParameters, IReadOnlyList<string> methodParameters, bool keywords)
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "bool", ["System.Byte"] = "byte", ["System.SByte"] = "sbyte", ["System.Char"] = "char",
        ["System.Int16"] = "short", ["System.UInt16"] = "ushort", ["System.Int32"] = "int", ["System.UInt32"] = "uint",
        ["System.Int64"] = "long", ["System.UInt64"] = "ulong", ["System.IntPtr"] = "nint", ["System.UIntPtr"] = "nuint",
        ["System.Single"] = "float", ["System.Double"] = "double", ["System.Decimal"] = "decimal",
        ["System.String"] = "string", ["System.Object"] = "object", ["System.Void"] = "void",
    };

    public int Position { get; private set; }

    /// <summary>Types divided by commas, up to a closing bracket or the end.</summary>
    public List<string> List()
    {
        var types = new List<string>();
        while (Position < id.Length && id[Position] is not (')' or '}' or '>'))
        {
            types.Add(One());
            if (Position < id.Length && id[Position] == ',')
                Position++;
            else
                break;
        }
        return types;
    }

    /// <summary>The type that starts at <see cref="Position"/>.</summary>
    public string One()
    {
        string name = Position < id.Length && id[Position] == '`' ? Parameter() : Named();
        bool byReference = false;
        for (; Position < id.Length; Position++)
        {
            char c = id[Position];
            if (c == '[')
            {
                int end = id.IndexOf(']', Position);
                end = end < 0 ? id.Length - 1 : end;
                name += $"[{new string(',', id.AsSpan(Position, end - Position).Count(','))}]";
                Position = end;
            }
            else if (c == '*')
            {
                name += "*";
            }
            else if (c == '@')
            {
                byReference = true;
            }
            else if (c is '|' or '!')
            {
                // A modifier (in, volatile): a note for compilers.
                Position++;
                One();
                Position--;
            }
            else if (c != '^')
            {
                break;
            }
        }
        return byReference ? $"ref {name}" : name;
    }

    /// <summary>Names for the type parameters of a type whose documentation is not at hand.</summary>
    public static string[] DefaultParameters(string name, int count)
    {
        var names = new string[count];
        for (int i = 0; i < count; i++)
            names[i] = count == 1 ? "T" : $"T{i + 1}";
        if (count == 2 && (name.EndsWith("Dictionary", StringComparison.Ordinal) || name.StartsWith("KeyValue", StringComparison.Ordinal)))
            return ["TKey", "TValue"];
        if (name.EndsWith("Func", StringComparison.Ordinal))
            names[^1] = "TResult";
        return names;
    }

    private string Parameter()
    {
        var names = typeParameters;
        if (++Position < id.Length && id[Position] == '`')
        {
            Position++;
            names = methodParameters;
        }
        int index = Number();
        return index < names.Count ? names[index] : $"T{index + 1}";
    }

    /// <summary>A name without its namespace; inside a generic type the nested type keeps it: Dictionary&lt;K, V&gt;.Enumerator.</summary>
    private string Named()
    {
        int start = Position;
        var name = new StringBuilder();
        var last = new StringBuilder();
        while (Position < id.Length)
        {
            char c = id[Position];
            if (c is ',' or ')' or '}' or '>' or '[' or '*' or '@' or '^' or '|' or '!')
                break;
            Position++;
            if (c == '.')
            {
                bool nested = last.Length > 0 && last[^1] == '>';
                if (nested || name.Length > 0)
                    name.Append(last).Append('.');
                last.Clear();
            }
            else if (c is '{' or '<')
            {
                last.Append('<').AppendJoin(", ", List()).Append('>');
                if (Position < id.Length)
                    Position++;
            }
            else if (c == '`')
            {
                last.Append('<').AppendJoin(", ", DefaultParameters(last.ToString(), Math.Clamp(Number(), 1, 20))).Append('>');
            }
            else
            {
                last.Append(c);
            }
        }
        string written = name.Append(last).ToString();
        if (written.StartsWith("Nullable<", StringComparison.Ordinal))
            return $"{written[9..^1]}?";
        return keywords && Keywords.TryGetValue(id[start..Position], out string? keyword) ? keyword : written;
    }

    private int Number()
    {
        int value = 0;
        for (; Position < id.Length && char.IsAsciiDigit(id[Position]); Position++)
            value = Math.Min(value * 10 + (id[Position] - '0'), 1000);
        return value;
    }
}

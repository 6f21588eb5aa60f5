using System.Text;

namespace Gim.Text.Sources;

/// <summary>
/// The names of types and members as a programmer writes them, from XML documentation ids
/// (<c>M:System.Collections.Generic.List`1.Add(`0)</c> gives <c>Add(T item)</c>).
/// </summary>
internal sealed class DocNames
{
    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["Addition"] = "+", ["Subtraction"] = "-", ["Multiply"] = "*", ["Division"] = "/", ["Modulus"] = "%",
        ["BitwiseAnd"] = "&", ["BitwiseOr"] = "|", ["ExclusiveOr"] = "^", ["OnesComplement"] = "~", ["LogicalNot"] = "!",
        ["LeftShift"] = "<<", ["RightShift"] = ">>", ["UnsignedRightShift"] = ">>>", ["UnaryNegation"] = "-",
        ["UnaryPlus"] = "+", ["Increment"] = "++", ["Decrement"] = "--", ["Equality"] = "==", ["Inequality"] = "!=",
        ["LessThan"] = "<", ["LessThanOrEqual"] = "<=", ["GreaterThan"] = ">", ["GreaterThanOrEqual"] = ">=",
        ["True"] = "true", ["False"] = "false",
    };

    /// <summary>Own type parameters of the types read so far, by type id.</summary>
    private readonly Dictionary<string, string[]> known = new(StringComparer.Ordinal);

    /// <summary>Keeps the names a type's documentation gives its type parameters.</summary>
    public void Learn(string type, IReadOnlyList<string> parameters)
    {
        if (parameters.Count > 0 && parameters.Count == Arity(type.AsSpan(type.LastIndexOf('.') + 1)))
            known[type] = [.. parameters];
    }

    /// <summary>A member id without its kind, cut into the declaring type and the rest.</summary>
    public static (string Type, string Member) Split(string id)
    {
        int depth = 0;
        int dot = -1;
        for (int i = 0; i < id.Length && (id[i] != '(' || depth > 0); i++)
        {
            if (id[i] is '{' or '<')
                depth++;
            else if (id[i] is '}' or '>')
                depth--;
            else if (id[i] == '.' && depth == 0)
                dot = i;
        }
        return dot < 0 ? (id, "") : (id[..dot], id[(dot + 1)..]);
    }

    /// <summary>A type's full name: <c>System.Collections.Generic.List&lt;T&gt;</c>.</summary>
    public string Title(string type)
    {
        var title = new StringBuilder(type.Length + 8);
        for (int start = 0, end; start <= type.Length; start = end + 1)
        {
            end = type.IndexOf('.', start);
            end = end < 0 ? type.Length : end;
            var part = type.AsSpan(start, end - start);
            if (start > 0)
                title.Append('.');
            title.Append(BeforeTick(part));
            if (Arity(part) > 0)
                title.Append('<').AppendJoin(", ", Own(type[..end], part)).Append('>');
        }
        return title.ToString();
    }

    /// <summary>What a cref stands for in a sentence: a type's or member's short name.</summary>
    public string Short(string cref)
    {
        int colon = cref.IndexOf(':');
        char kind = colon == 1 ? cref[0] : ' ';
        string id = cref[(colon + 1)..];
        if (kind == 'N')
            return id;
        if (kind is 'T' or ' ' or '!' && !id.Contains('('))
            return ShortType(id);
        var (type, member) = Split(id);
        int end = member.AsSpan().IndexOfAny('(', '`', '~');
        string name = end < 0 ? member : member[..end];
        return name is "#ctor" or "#cctor" ? ShortType(type) : Named(name, type, []);
    }

    /// <summary>The line that names a member, with the parameters' names and short types.</summary>
    /// <param name="kind">M, P, F or E.</param>
    /// <param name="type">The declaring type's id.</param>
    /// <param name="member">The rest of the id.</param>
    /// <param name="parameters">Names of the parameters in order; without effect where their number is another.</param>
    /// <param name="typeParameters">Names of a method's type parameters in order.</param>
    public string Member(
        char kind, string type, string member, IReadOnlyList<string> parameters, IReadOnlyList<string> typeParameters)
    {
        int open = member.IndexOf('(');
        int result = member.IndexOf('~');
        int nameEnd = open >= 0 ? open : result >= 0 ? result : member.Length;
        string name = member[..nameEnd];
        int tick = name.IndexOf("``", StringComparison.Ordinal);
        string[] own = [];
        if (tick >= 0)
        {
            int arity = Arity(name.AsSpan(tick + 1));
            own = typeParameters.Count == arity ? [.. typeParameters] : DocTypeName.DefaultParameters("", arity);
            name = name[..tick];
        }
        var declared = Parameters(type);
        string written = name switch
        {
            "#ctor" => BeforeTick(type.AsSpan(type.LastIndexOf('.') + 1)).ToString(),
            "#cctor" => $"static {BeforeTick(type.AsSpan(type.LastIndexOf('.') + 1))}",
            _ when name.StartsWith("op_", StringComparison.Ordinal) =>
                Operator(name[3..], result < 0 ? "" : new DocTypeName(member[(result + 1)..], declared, own, true).One()),
            _ => Named(name, type, own),
        };
        if (own.Length > 0)
            written += $"<{string.Join(", ", own)}>";
        var types = open < 0 ? [] : new DocTypeName(member[(open + 1)..], declared, own, true).List();
        if (types.Count == parameters.Count)
            for (int i = 0; i < types.Count; i++)
                types[i] += $" {parameters[i]}";
        string list = string.Join(", ", types);
        if (kind == 'P' && types.Count > 0)
            return $"{(written == "Item" ? "this" : written)}[{list}]";
        return kind == 'M' ? $"{written}({list})" : written;
    }

    private string ShortType(string id)
    {
        if (id.Contains('{') || !id.Contains('`'))
            return new DocTypeName(id, [], [], false).One();
        string title = Title(id);
        int generic = title.IndexOf('<', StringComparison.Ordinal);
        return title[(title.LastIndexOf('.', generic) + 1)..];
    }

    /// <summary>A member's name; for an explicit implementation that of its interface before it.</summary>
    private string Named(string name, string type, string[] own)
    {
        if (!name.Contains('#'))
            return name;
        var (parent, member) = Split(name.Replace('#', '.').Replace('@', ','));
        return member.Length == 0 ? name : $"{new DocTypeName(parent, Parameters(type), own, true).One()}.{member}";
    }

    private static string Operator(string name, string result)
    {
        bool isChecked = name.StartsWith("Checked", StringComparison.Ordinal);
        string plain = isChecked ? name[7..] : name;
        string prefix = isChecked ? "checked " : "";
        return plain switch
        {
            "Implicit" or "Explicit" => $"{plain.ToLowerInvariant()} operator {prefix}{result}",
            _ => $"operator {prefix}{Operators.GetValueOrDefault(plain, plain)}",
        };
    }

    /// <summary>All type parameters that members of a type can name, those of the outer types first.</summary>
    private List<string> Parameters(string type)
    {
        var all = new List<string>();
        for (int end = type.IndexOf('`'); end >= 0; end = end < type.Length ? type.IndexOf('`', end) : -1)
        {
            int start = type.LastIndexOf('.', end) + 1;
            int next = type.IndexOf('.', end);
            end = next < 0 ? type.Length : next;
            all.AddRange(Own(type[..end], type.AsSpan(start, end - start)));
        }
        return all;
    }

    private string[] Own(string type, ReadOnlySpan<char> name) => known.TryGetValue(type, out var names)
        ? names
        : DocTypeName.DefaultParameters(BeforeTick(name).ToString(), Arity(name));

    private static ReadOnlySpan<char> BeforeTick(ReadOnlySpan<char> name)
    {
        int tick = name.IndexOf('`');
        return tick < 0 ? name : name[..tick];
    }

    private static int Arity(ReadOnlySpan<char> name)
    {
        int tick = name.IndexOf('`');
        return tick >= 0 && int.TryParse(name[(tick + 1)..], out int arity) ? Math.Clamp(arity, 0, 20) : 0;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Xml;
using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// The sample text that comes with the program, so that everything can be tried without any data: <c>dotnet-docs</c>,
/// the documentation of the .NET class library, whose two parts, <c>runtime</c> and <c>aspnetcore</c>, are alike in
/// language and differ in content.
/// </summary>
/// <remarks>
/// One document per type: its full name, summary, remarks and type parameters, then each member with what it does,
/// takes, returns and throws, as plain English without markup. Files come in ordinal order, types in the order in which
/// a file first names them. A type documented in several files (helpers compiled into many assemblies) is told once,
/// from the first. The ASP.NET Core package holds a copy of each file of the runtime package; those are read as runtime
/// only, so that no document of one part is in the other and one part can test what was built from the other. A
/// document's path is its file, its line the 0-based line of that file where the type is first named,
/// its metadata the assembly. The files are those of pinned packages of Microsoft's (MIT licence).
/// </remarks>
public sealed class SampleSource : IDocumentSource
{
    // To be raised when the same files give other text: indexes built from the old text are then built anew.
    private const int TextVersion = 1;

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["dotnet-docs"] = ["runtime", "aspnetcore"],
    };

    private readonly IReadOnlyList<SourceFile> files;

    /// <param name="name">Name of the sample: <c>dotnet-docs</c>.</param>
    /// <param name="part">Part of it: <c>runtime</c> or <c>aspnetcore</c>.</param>
    /// <param name="folder">Where samples lie; the default is beside the program, where the build lays them.</param>
    /// <exception cref="InputException">There is no such sample or part, or its files are missing.</exception>
    public SampleSource(string name, string part, string? folder = null)
    {
        if (!Known.TryGetValue(name, out var parts))
            throw Unknown("sample", name, Known.Keys);
        if (!parts.Contains(part))
            throw Unknown($"part of the sample '{name}'", part, parts);
        folder = Path.Combine(folder ?? Path.Combine(AppContext.BaseDirectory, "samples"), name);
        foreach (string needed in parts)
            if (!Directory.Exists(Path.Combine(folder, needed)))
                throw new InputException($"the files of the sample '{name}' are missing (looked for "
                    + $"'{Path.Combine(folder, needed)}'): build the program again, which lays them there");
        var found = SourceFiles.Resolve(Path.Combine(folder, part), [".xml"]);
        // The parts before this one, in their order, own the files they share with it.
        var earlier = parts.TakeWhile(p => p != part).ToList();
        files = [.. found.Where(f => !earlier.Exists(p => File.Exists(Path.Combine(folder, p, f.RelativePath))))];
        Name = $"sample {name} {part}";
        Fingerprint = string.Join('\n', files
            .Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.RelativePath}|{f.Length}"))
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"sample|{name}|{part}|{TextVersion}")));
        TotalBytes = files.Sum(static f => f.Length);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Sample, part and, as they come from a pinned version, the files' names and lengths.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public long TotalBytes { get; }

    /// <inheritdoc/>
    public IEnumerable<Document> Read(
        SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        var names = new DocNames();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var (assembly, types) = ReadFile(file, names);
            progress?.Advance(file.Length);
            string metadata = $"{{\"assembly\":\"{JsonEncodedText.Encode(assembly)}\"}}";
            foreach (var type in types)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!told.Add(type.Type))
                    continue;
                counts.AddDocument();
                yield return new Document(type.Text, file.RelativePath, type.Line, metadata);
            }
        }
    }

    private static (string Assembly, List<DocType> Types) ReadFile(SourceFile file, DocNames names)
    {
        try
        {
            using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return DocFile.Read(stream, names);
        }
        catch (XmlException e)
        {
            throw new InputException($"sample file '{file.FullPath}' is damaged ({e.Message.TrimEnd('.')}): "
                + "build the program again, which lays it there", e);
        }
        catch (Exception e) when (SourceFile.IsFileError(e))
        {
            throw SourceFile.Unreadable(file.FullPath, e);
        }
    }

    private static InputException Unknown(string what, string name, IReadOnlyCollection<string> known)
    {
        string nearest = NearestName.Of(name, known) is { } near ? $"; did you mean '{near}'?" : "";
        return new InputException($"there is no {what} '{name}': known is {string.Join(", ", known)}{nearest}");
    }
}

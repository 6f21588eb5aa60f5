using System.Text.Json;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Tests.Text.Sources;

public sealed class SampleSourceTests : IDisposable
{
    private static readonly Dictionary<string, List<Document>> Parts = new[] { "runtime", "aspnetcore" }
        .ToDictionary(part => part, part => new SampleSource("dotnet-docs", part).All().Documents);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Title(Document document) => document.Text.Split('\n', 2)[0];

    private static string Doc(string part, string title) => Parts[part].Single(d => Title(d) == title).Text;

    [Theory]
    [InlineData("runtime", 3_500, 15_000_000)]
    [InlineData("aspnetcore", 3_500, 4_000_000)]
    public void Both_parts_are_there_and_clean(string part, int documents, long characters)
    {
        Assert.True(Parts[part].Count > documents);
        Assert.True(Parts[part].Sum(d => (long)d.Text.Length) > characters);
        Assert.All(Parts[part], d =>
        {
            Assert.DoesNotContain("<see", d.Text);
            Assert.DoesNotContain("cref=", d.Text);
            Assert.DoesNotContain("</para", d.Text);
            Assert.DoesNotContain("``", Title(d));
            Assert.Equal(d.Text.Trim(), d.Text);
            Assert.EndsWith(".xml", d.Path);
            using var metadata = JsonDocument.Parse(d.Metadata!);
            Assert.Equal(d.Path, metadata.RootElement.GetProperty("assembly").GetString() + ".xml");
        });
    }

    [Fact]
    public void No_type_comes_twice_in_a_part_and_no_text_is_in_both()
    {
        foreach (var documents in Parts.Values)
            Assert.Equal(documents.Count, documents.Select(Title).Distinct().Count());
        Assert.Empty(Parts["runtime"].Select(d => d.Text).Intersect(Parts["aspnetcore"].Select(d => d.Text)));
    }

    [Fact]
    public void A_class_reads_as_a_programmer_would_tell_it()
    {
        string list = Doc("runtime", "System.Collections.Generic.List<T>");
        Assert.StartsWith("""
            System.Collections.Generic.List<T>
            Represents a strongly typed list of objects that can be accessed by index.
            """.ReplaceLineEndings("\n"), list);
        Assert.Contains("\nT: The type of elements in the list.\n", list);
        Assert.Contains("""

            Add(T item)
            Adds an object to the end of the List<T>.
            item: The object to be added to the end of the List<T>. The value can be null for reference types.

            """.ReplaceLineEndings("\n"), list);
        Assert.Contains("\nList(int capacity)\n", list);
        Assert.Contains("\nConvertAll<TOutput>(Converter<T, TOutput> converter)\n", list);
        Assert.Contains("\nThrows ArgumentNullException: collection is null.\n", list);
        Assert.Contains("\nthis[int index]\n", list);
    }

    [Fact]
    public void Nested_types_operators_and_explicit_members_have_readable_names()
    {
        Assert.Contains("MoveNext()", Doc("runtime", "System.Collections.Generic.Dictionary<TKey, TValue>.Enumerator"));
        Assert.Contains("\noperator +(DateTime d, TimeSpan t)\n", Doc("runtime", "System.DateTime"));
        Assert.Contains("\nexplicit operator byte(decimal value)\n", Doc("runtime", "System.Decimal"));
        Assert.Contains("\nIEnumerable<T>.GetEnumerator()\n", Doc("runtime", "System.Collections.Generic.List<T>"));
    }

    [Fact]
    public void Reading_is_repeatable_and_reports_every_byte()
    {
        var source = new SampleSource("dotnet-docs", "aspnetcore");
        var progress = new Bytes();
        Assert.Equal(Parts["aspnetcore"], source.Read(new SourceCounts(), progress));
        Assert.Equal(source.TotalBytes, progress.Sum);
        Assert.Equal(source.Fingerprint, new SampleSource("dotnet-docs", "aspnetcore").Fingerprint);
        Assert.NotEqual(source.Fingerprint, new SampleSource("dotnet-docs", "runtime").Fingerprint);
        Assert.Equal("sample dotnet-docs aspnetcore", source.Name);
    }

    [Theory]
    [InlineData("dotnet-doc", "runtime", "there is no sample 'dotnet-doc': known is dotnet-docs; did you mean 'dotnet-docs'?")]
    [InlineData("dotnet-docs", "aspnet", "there is no part of the sample 'dotnet-docs' 'aspnet': known is runtime, aspnetcore")]
    [InlineData("", "", "there is no sample '': known is dotnet-docs")]
    public void An_unknown_sample_or_part_lists_the_known(string name, string part, string expected) =>
        Assert.Equal(expected, Assert.Throws<InputException>(() => new SampleSource(name, part)).Message);

    [Fact]
    public void Missing_sample_files_are_an_error() =>
        Assert.Contains("build the program again",
            Assert.Throws<InputException>(() => new SampleSource("dotnet-docs", "runtime", folder.Root)).Message);

    private SampleSource Made(string members, string part = "runtime")
    {
        folder.Write("dotnet-docs/runtime/A.xml", $"<?xml version=\"1.0\"?>\n<doc><assembly><name>A</name></assembly><members>\n{members}\n</members></doc>");
        folder.Write("dotnet-docs/aspnetcore/A.xml", "<doc/>");
        folder.Write("dotnet-docs/aspnetcore/B.xml", "<doc><assembly><name>B \"q\"</name></assembly><members><member name=\"T:N.C\"/></members></doc>");
        return new SampleSource("dotnet-docs", part, folder.Root);
    }

    [Fact]
    public void Members_go_to_their_type_wherever_they_stand()
    {
        var documents = Made("""
            <member name="M:N.A`1.Do(`0,System.Int32[0:,0:]@)"><summary>Does.</summary><param name="x">An x.</param><param name="y"/></member>
            <member name="T:N.B"><summary>B.</summary></member>
            <member name="T:N.A`1.C"/>
            <member name="P:N.A`1.C.Item(`0)"><value>V.</value></member>
            <member name="T:N.A`1"><summary>A.</summary><typeparam name="TX">What.</typeparam></member>
            <member name="E:N.B.Changed"><summary>Says so.</summary></member>
            <member name="N:N"><summary>Not a type.</summary></member>
            """).All().Documents;
        Assert.Equal(
            [
                "N.A<TX>\nA.\nTX: What.\n\nDo(T x, ref int[,] y)\nDoes.\nx: An x.",
                "N.B\nB.\n\nChanged\nSays so.",
                "N.A<TX>.C\n\nthis[T]\nValue: V.",
            ],
            documents.Select(d => d.Text));
        Assert.Equal([2L, 3L, 4L], documents.Select(d => d.Line));
        Assert.All(documents, d => Assert.Equal("""{"assembly":"A"}""", d.Metadata));
    }

    [Fact]
    public void Markup_becomes_words_and_lines()
    {
        string text = Assert.Single(Made("""
            <member name="T:N.A">
              <summary>Uses  <see cref="T:System.String"/>s, <see langword="null"/>,
                 <paramref name="p"/>, <c>a   b</c> and <see href="http://x.y">a page</see>; 2<sup>31</sup>.
              <para>See <see cref="M:N.A.Do(System.Int32)"/>.</para>Then <see cref="T:System.Func`2"/> &lt;b&gt;.</summary>
              <remarks><list type="bullet"><item><description>One.</description></item><item><term>Two</term><description>Second.</description></item></list>
              End
              <code>
                 if (x)
                     y();
              </code></remarks>
              <seealso cref="T:N.B`1"/><seealso href="http://z"/>
            </member>
            """).Texts());
        Assert.Equal("""
            N.A
            Uses Strings, null, p, a b and a page; 2^31.
            See Do.
            Then Func<T1, TResult> <b>.
            - One.
            - Two: Second.
            End
            if (x)
                y();
            See also: B<T>, http://z
            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void Ids_that_break_the_rules_give_a_name_and_no_failure()
    {
        var source = Made("""
            <member name="M:N.A.Do(System.Int32"/><member name="M:N.A.``"/><member name="M:Bare"/><member name="T:"/><member name="x"/>
            <member/><member name="M:N.A.E({,}]@~)~"/><member name="M:N.A.I{#X}#Y"/><member name="M:N.A`99999999999.Do(`9,``9)"/>
            """);
        Assert.NotEmpty(source.All().Documents);
    }

    [Fact]
    public void Files_of_an_earlier_part_are_left_out_of_a_later_one()
    {
        var document = Assert.Single(Made("", "aspnetcore").All().Documents);
        Assert.Equal(("N.C", "B.xml"), (document.Text, document.Path));
        using var metadata = JsonDocument.Parse(document.Metadata!);
        Assert.Equal("B \"q\"", metadata.RootElement.GetProperty("assembly").GetString());
    }

    [Fact]
    public void A_damaged_sample_file_is_an_error() =>
        Assert.Contains("is damaged (", Reading.Error(() => Made("<member name=\"T:N.A\"><summary>")));
}

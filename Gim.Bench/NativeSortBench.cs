using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Index.Sort;

namespace Gim.Bench;

/// <summary>
/// Suffix sorting beside a native library, on the same bytes: the largest corpus's text, and its token file, whose bytes
/// are sorted as bytes and as the 16-bit tokens that an index is sorted by. The first 64 MiB, or as much as there is.
/// </summary>
[Measure(seconds: true)]
[Rate<NativeSortBench>("MB/s", 1e6)]
public class NativeSortBench : IMeasured
{
    private const int Most = 1 << 26;

    private const string Native = "libdivsufsort", Text = "text", Tokens = "token file";

    private byte[] bytes = [];
    private ushort[] tokens = [];
    private int[] suffixes = [];

    private static Corpus Largest => Corpus.ForBuilding[^1];

    /// <summary>What is sorted, as what, by whom. The library's cases are missing where the library is.</summary>
    public static IEnumerable<SortCase> Cases() => AllCases().Distinct();

    private static IEnumerable<SortCase> AllCases()
    {
        int all = Environment.ProcessorCount;
        foreach (string of in (string[])[Text, Tokens])
        {
            if (NativeDivsufsort.IsThere)
                yield return new SortCase(of, "bytes", Native, 1);
            yield return new SortCase(of, "bytes", "Gim", 1);
            yield return new SortCase(of, "bytes", "Gim", all);
        }
        yield return new SortCase(Tokens, "16 bits", "Gim", 1);
        yield return new SortCase(Tokens, "16 bits", "Gim", all);
    }

    [ParamsSource(nameof(Cases))]
    public SortCase Case { get; set; } = null!;

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => Read(((SortCase)benchmark.Parameters[nameof(Case)]).Of).Length;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        bytes = Read(Case.Of);
        suffixes = new int[bytes.Length];
        if (Case.As != "bytes")
        {
            // Tokens are in the order of their bytes, as an index is.
            tokens = MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
            BinaryPrimitives.ReverseEndianness(tokens, tokens);
            suffixes = new int[tokens.Length];
        }
        else if (NativeDivsufsort.IsThere && Case.By != Native)
        {
            int[] expected = new int[bytes.Length];
            NativeDivsufsort.Sort(bytes, expected);
            SuffixArray.Build(bytes, suffixes, Case.Threads);
            Require.Same<int>(expected, suffixes, Case.ToString());
        }
    }

    [Benchmark(Description = "suffix sorting")]
    public int[] Sort()
    {
        if (Case.By == Native)
            NativeDivsufsort.Sort(bytes, suffixes);
        else if (tokens.Length > 0)
            SuffixArray.Build(tokens, suffixes, Case.Threads);
        else
            SuffixArray.Build(bytes, suffixes, Case.Threads);
        return suffixes;
    }

    /// <summary>Lines below the tables: what was sorted, and what was not measured.</summary>
    public static string Notes()
    {
        var text = new StringBuilder().AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- suffix sorting: the first {Most >> 20} MiB of {Largest.Name} ({Largest.Description}), as text and as a token file");
        text.AppendLine(NativeDivsufsort.IsThere ? $"- {NativeDivsufsort.Name}: one thread" : $"- {NativeDivsufsort.Missing}");
        return text.ToString();
    }

    private static byte[] Read(string of)
    {
        using var read = new MemoryStream();
        if (of == Text)
        {
            foreach (string document in Largest.ReadText().TakeWhile(_ => read.Length < Most))
                read.Write(Encoding.UTF8.GetBytes(document));
        }
        else
        {
            foreach (ReadOnlyMemory<int> document in TokenFile.Stream(Largest.TokenPath).TakeWhile(_ => read.Length < Most))
            {
                ushort[] narrow = [ushort.MaxValue, .. document.ToArray().Select(token => (ushort)token)];
                read.Write(MemoryMarshal.AsBytes<ushort>(narrow));
            }
        }
        return read.GetBuffer()[..(int)Math.Min(Most, read.Length / 2 * 2)];
    }
}

/// <summary>One way to sort one text.</summary>
/// <param name="Of">What is sorted.</param>
/// <param name="As">Its symbols.</param>
/// <param name="By">Whose sorter.</param>
public sealed record SortCase(string Of, string As, string By, int Threads)
{
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Of} as {As}: {By}, {Threads} {(Threads == 1 ? "thread" : "threads")}");
}

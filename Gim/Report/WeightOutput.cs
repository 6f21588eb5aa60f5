using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Files;
using Gim.Fmri.Ridge;

namespace Gim.Report;

/// <summary>
/// The weights of one set of features as an .npy file of float32, [features, targets] in Fortran order: a target's weights
/// follow each other, so that targets are added as they are fitted.
/// </summary>
internal sealed class WeightOutput : IDisposable
{
    private readonly OutputFile file;
    private readonly int features;
    private int targets;

    private WeightOutput(OutputFile file, int features)
    {
        this.file = file;
        this.features = features;
    }

    /// <param name="folder">Where the file is written.</param>
    /// <param name="number">The set's place in the run, which the file's name begins with.</param>
    /// <param name="set">The set's name.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static WeightOutput Create(string folder, int number, string set, int features, int targets)
    {
        OutputFile.CreateFolder(folder);
        OutputFile file = OutputFile.Create(Path.Combine(folder, FileName(number, set)));
        var output = new WeightOutput(file, features);
        file.Stream.Write(Header(features, targets));
        return output;
    }

    /// <summary>Removes the weights of an earlier run.</summary>
    /// <exception cref="InputException">They cannot be removed.</exception>
    public static void RemoveAll(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string pattern in (string[])["*.npy", "*.npy.tmp"])
        {
            foreach (string path in Directory.EnumerateFiles(folder, pattern))
                OutputFile.Remove(path);
        }
    }

    /// <summary>"07-labels-cross-story-match.npy"</summary>
    internal static string FileName(int number, string set)
    {
        var name = new StringBuilder();
        foreach (char c in set)
        {
            if (char.IsAsciiLetterOrDigit(c)) name.Append(char.ToLowerInvariant(c));
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }
        return $"{number:D2}-{name.ToString().Trim('-')}.npy";
    }

    /// <summary>Format 1.0 of NumPy: magic, version, length, then a dictionary that ends at a multiple of 64 bytes.</summary>
    private static byte[] Header(int features, int targets)
    {
        const int prefix = 10, alignment = 64;
        string text = $"{{'descr': '<f4', 'fortran_order': True, 'shape': ({features}, {targets}), }}";
        int length = (prefix + text.Length + 1 + alignment - 1) / alignment * alignment - prefix;
        var header = new byte[prefix + length];
        header[0] = 0x93;
        Encoding.ASCII.GetBytes("NUMPY", header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", header.AsSpan(prefix));
        return header;
    }

    /// <summary>Adds successive targets.</summary>
    public void Add(RidgeModel model)
    {
        if (model.FirstTarget != targets)
            throw new ArgumentException($"weights of target {model.FirstTarget} follow those of {targets} targets", nameof(model));
        var column = new float[features];
        Span<byte> one = stackalloc byte[sizeof(float)];
        for (int target = 0; target < model.Weights.Columns; target++)
        {
            for (int i = 0; i < features; i++)
                column[i] = model.Weights[i, target];
            if (BitConverter.IsLittleEndian)
            {
                file.Stream.Write(MemoryMarshal.AsBytes(column.AsSpan()));
                continue;
            }
            foreach (float value in column)
            {
                BinaryPrimitives.WriteSingleLittleEndian(one, value);
                file.Stream.Write(one);
            }
        }
        targets += model.Weights.Columns;
    }

    public void Commit() => file.Commit();

    public void Dispose() => file.Dispose();
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gim.Config;

namespace Gim.Fmri.Responses;

/// <summary>
/// The front of a NumPy array file (versions 1 to 3): the magic, a version, and a Python literal
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (241, 200), }</c>. Nothing in it is believed before the file's
/// length agrees.
/// </summary>
/// <param name="Width">Bytes of a value, 4 or 8; little-endian floats.</param>
/// <param name="ColumnsFirst">Whether a column's values lie side by side ("Fortran order").</param>
/// <param name="Rows">Length of the first axis.</param>
/// <param name="Columns">Length of the second one; 1 where there is none.</param>
/// <param name="Start">Where the values begin.</param>
internal readonly record struct NpyHeader(int Width, bool ColumnsFirst, int Rows, int Columns, long Start)
{
    private const string Expected = "a .npy file with an array [TRs, targets] of little-endian float32 or float64";
    private const int LongestHeader = 1 << 16;

    /// <exception cref="InputException">The file is no such array or has another length.</exception>
    public static NpyHeader Read(FileStream file, string path)
    {
        const int Magic = 6, Version = 2;
        Span<byte> start = stackalloc byte[Magic + Version + sizeof(uint)];
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < start.Length || !start.StartsWith(magic))
            throw new InputException($"{path} does not begin as a .npy file does; expected {Expected}");
        int version = start[Magic];
        if (version is < 1 or > 3)
            throw new InputException($"{path} is a .npy file of version {version}, where 1 to 3 are known; save it again with numpy.save");
        int lengthBytes = version == 1 ? sizeof(ushort) : sizeof(uint);
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[(Magic + Version)..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[(Magic + Version)..]);
        long data = Magic + Version + lengthBytes + length;
        if (length > LongestHeader || data > file.Length)
            throw new InputException($"{path}: a header of {length} bytes in a file of {file.Length}; is it cut short? expected {Expected}");
        var bytes = new byte[length];
        file.Position = Magic + Version + lengthBytes;
        file.ReadExactly(bytes);
        NpyHeader header = Parse(Encoding.Latin1.GetString(bytes), path) with { Start = data };
        long wanted = (long)header.Rows * header.Columns;
        // A product of two ints fits a long; times a value's bytes it may not.
        if ((file.Length - data) % header.Width != 0 || (file.Length - data) / header.Width != wanted)
        {
            throw new InputException(
                $"{path}: [{header.Rows}, {header.Columns}] values of {header.Width} bytes do not fill the {file.Length - data:N0} bytes behind its header; is it cut short? save or fetch it again");
        }
        return header;
    }

    private static NpyHeader Parse(string text, string path)
    {
        var literal = new PythonLiteral(text);
        string? type = null;
        bool? columnsFirst = null;
        List<long>? shape = null;
        bool whole = literal.TryTake('{');
        while (whole && !literal.TryTake('}'))
        {
            whole = literal.TryText(out string key) && literal.TryTake(':') && key switch
            {
                "descr" when type is null => literal.TryText(out type),
                "fortran_order" when columnsFirst is null => literal.TryBoolean(out columnsFirst),
                "shape" when shape is null => literal.TryTuple(out shape),
                _ => false,
            };
            if (whole && !literal.TryTake(','))
            {
                whole = literal.TryTake('}');
                break;
            }
        }
        if (!whole || !literal.AtEnd || type is null || columnsFirst is null || shape is null)
            throw new InputException($"{path}: the header {Quote.Of(text.Trim())} is not that of a plain array; expected {Expected}");
        int width = type switch
        {
            "<f4" => sizeof(float),
            "<f8" => sizeof(double),
            _ => throw new InputException($"{path} holds values of the type {Quote.Of(type)}; expected {Expected}: convert it with array.astype('<f4')"),
        };
        if (shape.Count is < 1 or > 2 || shape.Exists(length => length is < 1 or > int.MaxValue))
            throw new InputException($"{path} holds an array of the shape ({string.Join(", ", shape)}); expected {Expected}");
        return new NpyHeader(width, columnsFirst.Value, (int)shape[0], shape.Count == 2 ? (int)shape[1] : 1, 0);
    }

    /// <summary>The few kinds of Python literals that a header is made of.</summary>
    private sealed class PythonLiteral(string text)
    {
        private int position;

        public bool AtEnd
        {
            get
            {
                SkipSpaces();
                return position == text.Length;
            }
        }

        public bool TryTake(char c)
        {
            SkipSpaces();
            if (position == text.Length || text[position] != c)
                return false;
            position++;
            return true;
        }

        public bool TryText(out string value)
        {
            value = "";
            SkipSpaces();
            if (position == text.Length || text[position] is not ('\'' or '"'))
                return false;
            int end = text.IndexOf(text[position], position + 1);
            if (end < 0)
                return false;
            value = text[(position + 1)..end];
            position = end + 1;
            return true;
        }

        public bool TryBoolean(out bool? value)
        {
            SkipSpaces();
            value = string.CompareOrdinal(text, position, "True", 0, 4) == 0 ? true : string.CompareOrdinal(text, position, "False", 0, 5) == 0 ? false : null;
            position += value is null ? 0 : value.Value ? 4 : 5;
            return value is not null;
        }

        public bool TryTuple(out List<long> numbers)
        {
            numbers = [];
            if (!TryTake('('))
                return false;
            while (!TryTake(')'))
            {
                SkipSpaces();
                int start = position;
                while (position < text.Length && char.IsAsciiDigit(text[position]))
                    position++;
                if (!long.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                    return false;
                numbers.Add(number);
                // Python 2 marked long integers.
                if (position < text.Length && text[position] == 'L')
                    position++;
                if (!TryTake(','))
                    return TryTake(')');
            }
            return true;
        }

        private void SkipSpaces()
        {
            while (position < text.Length && text[position] is ' ' or '\n' or '\t')
                position++;
        }
    }
}

using System.Text;

namespace Gim.Fmri.Stimulus;

/// <summary>The characters of a text file that Praat wrote: UTF-16 where its byte order mark says so, UTF-8 otherwise.</summary>
internal static class TextGridCharacters
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <exception cref="InputException">The bytes are no text in that encoding.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        Encoding encoding = Utf8;
        int mark = 0;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            mark = 3;
        else if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            (encoding, mark) = (LittleEndian, 2);
        else if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            (encoding, mark) = (BigEndian, 2);
        try
        {
            return encoding.GetString(bytes[mark..]);
        }
        catch (DecoderFallbackException problem)
        {
            string name = encoding == Utf8 ? "UTF-8" : "UTF-16, which its first bytes announce";
            int line = bytes[..Math.Clamp(problem.Index + mark, 0, bytes.Length)].Count((byte)'\n') + 1;
            throw new InputException($"{path} line {line} is not {name}; is the file cut short? otherwise save it from Praat as UTF-8", problem);
        }
    }
}

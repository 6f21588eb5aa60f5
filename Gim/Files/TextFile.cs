using System.Text;
using Gim.Config;

namespace Gim.Files;

/// <summary>Small texts that a user names on the command line.</summary>
internal static class TextFile
{
    /// <summary>Standard input, in place of a file.</summary>
    public const string StandardInput = "-";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All of a file as text, without the line end that editors put at a file's end.</summary>
    /// <exception cref="InputException">It cannot be read, or is not UTF-8.</exception>
    public static string ReadAll(string path)
    {
        try
        {
            if (path == StandardInput)
            {
                using var input = new StreamReader(Console.OpenStandardInput(), StrictUtf8);
                return WithoutLastLineEnd(input.ReadToEnd());
            }
            using FileStream file = InputFile.Open(path, "a text file");
            using var reader = new StreamReader(file, StrictUtf8);
            return WithoutLastLineEnd(InputFile.Guard(path, reader.ReadToEnd));
        }
        catch (DecoderFallbackException problem)
        {
            throw new InputException($"{Quote.OneLine(path)}: not UTF-8 text; save the file as UTF-8", problem);
        }
    }

    private static string WithoutLastLineEnd(string text)
        => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}

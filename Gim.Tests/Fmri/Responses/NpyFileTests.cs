using System.Text;
using Gim.Fmri;
using Gim.Fmri.Responses;

namespace Gim.Tests.Fmri.Responses;

public sealed class NpyFileTests : IDisposable
{
    private const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }";

    private readonly TemporaryFolder folder = new();

    private string Path => folder["story.npy"];

    public void Dispose() => folder.Dispose();

    private string Write(byte version, string header, byte[] values)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        File.WriteAllBytes(Path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. values]);
        return Path;
    }

    private static byte[] Bytes(Matrix matrix, bool wide, bool columnsFirst)
    {
        var stream = new MemoryStream();
        for (int i = 0; i < matrix.Values.Length; i++)
        {
            float value = columnsFirst ? matrix[i % matrix.Rows, i / matrix.Rows] : matrix.Values[i];
            stream.Write(wide ? BitConverter.GetBytes((double)value) : BitConverter.GetBytes(value));
        }
        return stream.ToArray();
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(3, true, false)]
    [InlineData(1, true, true)]
    public void Every_version_type_and_order_is_read_by_columns(byte version, bool wide, bool columnsFirst)
    {
        Matrix matrix = TestResponses.Numbered(13, 9);
        Write(version, $"{{'descr': '{(wide ? "<f8" : "<f4")}', 'fortran_order': {columnsFirst}, 'shape': (13, 9), }}   \n", Bytes(matrix, wide, columnsFirst));
        using IResponseFile file = ResponseFiles.Open(Path);
        Assert.Equal((13, 9), (file.Rows, file.Columns));
        foreach (var (first, count) in new[] { (0, 9), (0, 1), (8, 1), (3, 4), (9, 0) })
        {
            var read = new float[13 * count];
            file.Read(first, count, read);
            Assert.Equal(TestResponses.Columns(matrix, first, count), read);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(8, 2, new float[26]));
    }

    [Theory]
    [InlineData("{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<f4\"}", 1)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 1L)}", 1)]
    public void Other_spellings_of_the_header_are_read(string header, int columns)
    {
        Write(1, header, Bytes(TestResponses.Numbered(3, 1), false, false));
        using NpyFile file = NpyFile.Open(Path);
        Assert.Equal((3, columns), (file.Rows, file.Columns));
        var read = new float[3];
        file.Read(0, 1, read);
        Assert.Equal([-0.5f, 0.5f, 1.5f], read);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (3, 5), }", "holds values of the type '>f4'")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 5), }", "holds values of the type '<i8'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 6), }", "[3, 6] values of 4 bytes do not fill the 60 bytes behind its header")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 5), }", "[3, 5] values of 8 bytes do not fill the 60 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647), }", "[2147483647, 2147483647] values of 4 bytes do not fill")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 5), }", "holds an array of the shape (99999999999, 5)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 5), }", "is not that of a plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }", "holds an array of the shape (0, 5)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "holds an array of the shape ()")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5, 1), }", "holds an array of the shape (3, 5, 1)")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 5), }", "is not that of a plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 5), }", "is not that of a plain array")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }", "is not that of a plain array")]
    [InlineData("{'descr': '<f4', 'shape': (3, 5), }", "is not that of a plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), } x", "is not that of a plain array")]
    [InlineData("", "is not that of a plain array")]
    public void A_wrong_header_is_an_error(string header, string message)
    {
        Write(1, header, new byte[60]);
        Assert.Contains(message, Errors.Of(() => NpyFile.Open(Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_or_of_another_kind_is_an_error()
    {
        Write(1, Header, new byte[60]);
        byte[] whole = File.ReadAllBytes(Path);
        NpyFile.Open(Path).Dispose();
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.StartsWith(Path, Errors.Of(() => NpyFile.Open(Path)), StringComparison.Ordinal);
        }
        File.WriteAllBytes(Path, [.. whole, 0]);
        Assert.Contains("do not fill the 61 bytes", Errors.Of(() => NpyFile.Open(Path)), StringComparison.Ordinal);
        Write(4, Header, new byte[60]);
        Assert.Contains("is a .npy file of version 4, where 1 to 3 are known", Errors.Of(() => NpyFile.Open(Path)), StringComparison.Ordinal);
        File.WriteAllBytes(Path, [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[99]]);
        Assert.Contains("a header of 4294967295 bytes", Errors.Of(() => NpyFile.Open(Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_headers_never_end_in_another_error()
    {
        Write(1, Header, new byte[60]);
        byte[] whole = File.ReadAllBytes(Path);
        var random = new Random(42);
        for (int trial = 0; trial < 500; trial++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length - 60)] = (byte)random.Next(256);
            File.WriteAllBytes(Path, damaged);
            try
            {
                using NpyFile file = NpyFile.Open(Path);
                Assert.Equal(15, file.Rows * file.Columns);
                file.Read(0, file.Columns, new float[15]);
            }
            catch (InputException error)
            {
                Assert.StartsWith(Path, error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', error.Message);
            }
        }
    }
}

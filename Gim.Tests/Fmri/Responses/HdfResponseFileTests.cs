using System.Buffers.Binary;
using Gim.Fmri;
using Gim.Fmri.Responses;
using PureHDF;

namespace Gim.Tests.Fmri.Responses;

public sealed class HdfResponseFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder["story.hf5"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("contiguous")]
    [InlineData("chunked")]
    [InlineData("packed")]
    public void Every_range_of_columns_of_every_layout_is_read(string layout)
    {
        Matrix matrix = TestResponses.Numbered(23, 31);
        foreach (bool wide in new[] { true, false })
        {
            foreach (uint[] chunk in new uint[][] { [5, 7], [23, 1], [1, 31], [23, 31], [4, 31] })
            {
                if (wide)
                    TestResponses.WriteHdf<double>(File, matrix, layout, chunk);
                else
                    TestResponses.WriteHdf<float>(File, matrix, layout, chunk);
                using HdfResponseFile file = HdfResponseFile.Open(File);
                Assert.Equal((23, 31), (file.Rows, file.Columns));
                foreach (var (first, count) in new[] { (0, 31), (0, 1), (30, 1), (6, 2), (7, 7), (5, 20), (31, 0) })
                {
                    var read = new float[23 * count];
                    file.Read(first, count, read);
                    Assert.Equal(TestResponses.Columns(matrix, first, count), read);
                }
                Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(30, 2, new float[46]));
                Assert.Throws<ArgumentException>(() => file.Read(0, 2, new float[45]));
                Assert.Null(file.FindTrials());
            }
        }
    }

    [Fact]
    public void Values_beyond_a_float_and_nan_are_kept_as_such()
    {
        new H5File { ["data"] = new[,] { { 1e300, -1e300 }, { double.NaN, 1e-300 }, { 1 / 3.0, 16777217 } } }.Write(File);
        using HdfResponseFile file = HdfResponseFile.Open(File);
        var read = new float[6];
        file.Read(0, 2, read);
        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0, 1 / 3f, 16777216], read);
    }

    [Theory]
    [InlineData("contiguous")]
    [InlineData("packed")]
    public void Single_trials_are_found_under_any_name(string layout)
    {
        Matrix matrix = TestResponses.Numbered(6, 5);
        var trials = new double[3, 6, 5];
        for (int i = 0; i < trials.Length; i++)
            trials[i / 30, i / 5 % 6, i % 5] = 1000 + i;
        TestResponses.WriteHdf<double>(
            File, matrix, "contiguous", [], ("other", new double[3, 5, 6]), ("individual_repeats", TestResponses.Dataset(trials, layout, [2, 4, 3])));
        using HdfResponseFile file = HdfResponseFile.Open(File);
        HdfTrials found = file.FindTrials()!;
        Assert.Equal(("individual_repeats", 3), (found.Name, found.Count));
        var read = new float[18];
        found.Read(2, 1, 3, read);
        for (int i = 0; i < read.Length; i++)
            Assert.Equal(1000 + 60 + i / 3 * 5 + 1 + i % 3, read[i]);
        Assert.Throws<ArgumentOutOfRangeException>(() => found.Read(3, 0, 5, new float[30]));
    }

    [Fact]
    public void Other_files_and_datasets_are_errors()
    {
        Assert.StartsWith($"{File} was not found; expected an HDF5 file", Errors.Of(() => HdfResponseFile.Open(File)), StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, "no HDF5 at all, but long enough to be taken for one if nobody looked at it");
        Assert.StartsWith($"{File} cannot be read as HDF5", Errors.Of(() => HdfResponseFile.Open(File)), StringComparison.Ordinal);
        new H5File { ["dat"] = new double[2, 2], ["group"] = new H5Group() }.Write(File);
        Assert.Equal($"{File} has no dataset 'data' (it has 'dat'); give the one to be read that name", Errors.Of(() => HdfResponseFile.Open(File)));
        new H5File { ["data"] = new int[2, 2] }.Write(File);
        Assert.Contains("holds other values than 32-bit or 64-bit floats", Errors.Of(() => HdfResponseFile.Open(File)), StringComparison.Ordinal);
        new H5File { ["data"] = new double[2, 2, 2] }.Write(File);
        Assert.Contains("the dataset 'data' is [2, 2, 2] where [TRs, targets] was expected", Errors.Of(() => HdfResponseFile.Open(File)), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_the_other_byte_order_are_an_error()
    {
        TestResponses.WriteHdf<double>(File, TestResponses.Numbered(2, 3), "contiguous", []);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        // The datatype message of a 64-bit float: version and class, then a bit for the order of its bytes.
        int type = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x31, 0x20, 0x3F]);
        bytes[type + 1] |= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        using HdfResponseFile file = HdfResponseFile.Open(File);
        Assert.Contains("Byte order", Errors.Of(() => file.Read(0, 3, new float[6])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contiguous")]
    [InlineData("packed")]
    public void A_file_cut_anywhere_is_refused_when_it_is_opened(string layout)
    {
        TestResponses.WriteHdf<double>(File, TestResponses.Numbered(9, 10), layout, [4, 4]);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        long end = BinaryPrimitives.ReadInt64LittleEndian(whole.AsSpan(28));
        for (int length = 0; length < end; length += 1 + (length / 100))
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            string message = Errors.Of(() => HdfResponseFile.Open(File));
            Assert.StartsWith(length < 52 ? $"{File} cannot be read as HDF5" : $"{File} ends early: it has {length:N0} bytes of {end:N0}", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_bytes_never_end_in_another_error()
    {
        TestResponses.WriteHdf<float>(File, TestResponses.Numbered(9, 10), "packed", [4, 4]);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(42);
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i <= trial % 3; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            System.IO.File.WriteAllBytes(File, damaged);
            try
            {
                using HdfResponseFile file = HdfResponseFile.Open(File);
                file.FindTrials();
                // A size that the file claims is not believed: it is compared with the story's TRs before memory is taken.
                if (file.Rows == 9 && file.Columns == 10)
                    file.Read(2, 5, new float[45]);
            }
            catch (InputException error)
            {
                Assert.StartsWith(File, error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', error.Message);
            }
        }
    }

    [SharedDataFact]
    public void A_real_file_is_read_by_columns_as_in_one_piece()
    {
        using HdfResponseFile file = HdfResponseFile.Open(SharedData.Path("ds003020-pc", "derivative", "preprocessed_data", "UTS01", "adollshouse.hf5"));
        Assert.Equal((241, 200), (file.Rows, file.Columns));
        var all = new Matrix(241, 200);
        file.Read(0, 200, all.Values);
        Assert.Equal(-1.5584397f, all[0, 0]);
        var some = new float[241 * 37];
        file.Read(120, 37, some);
        Assert.Equal(TestResponses.Columns(all, 120, 37), some);
        Assert.Null(file.FindTrials());
    }
}

using Gim.Fmri.Responses;

namespace Gim.Tests.Fmri.Responses;

public sealed class CsvResponseFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CsvResponseFile Read(string text)
    {
        File.WriteAllText(folder["a.csv"], text);
        return (CsvResponseFile)ResponseFiles.Open(folder["a.csv"]);
    }

    [Theory]
    [InlineData("1,2,3\n4,5.5,-6e-1\n")]
    [InlineData("a,b,c\n1,2,3\n4,5.5,-6e-1")]
    public void Numbers_with_or_without_names_are_read(string text)
    {
        using CsvResponseFile file = Read(text);
        Assert.Equal((2, 3), (file.Rows, file.Columns));
        var read = new float[4];
        file.Read(1, 2, read);
        Assert.Equal([2, 3, 5.5f, -0.6f], read);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(2, 2, new float[4]));
    }

    [Theory]
    [InlineData("a,b\n", "has no line of numbers")]
    [InlineData("1,2\n3\n", "line 2 has 1 columns where line 1 has 2")]
    [InlineData("1,2\n3,x\n", "line 2: column 2 ('2') holds 'x' where a number was expected")]
    [InlineData("", "is empty")]
    public void A_damaged_file_is_an_error(string text, string message) => Assert.Contains(message, Errors.Of(() => Read(text)), StringComparison.Ordinal);
}

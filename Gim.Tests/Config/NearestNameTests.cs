namespace Gim.Tests.Config;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["examples", "context", "referenceContext", "path", "eos", "infini-gram", "induction-exact"];

    [Theory]
    [InlineData("exmaples", "examples")]
    [InlineData("EXAMPLES", "examples")]
    [InlineData("example", "examples")]
    [InlineData("contxet", "context")]
    [InlineData("pth", "path")]
    [InlineData("eso", "eos")]
    [InlineData("infinigram", "infini-gram")]
    [InlineData("induction_exact", "induction-exact")]
    [InlineData("reference_context", "referenceContext")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Finds_the_name_that_was_meant(string name, string? expected) => Assert.Equal(expected, NearestName.Of(name, Known));

    [Fact]
    public void Long_names_cost_nothing() => Assert.Null(NearestName.Of(new string('x', 10_000_000), Known));
}

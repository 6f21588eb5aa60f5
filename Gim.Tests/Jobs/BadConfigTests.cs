namespace Gim.Tests.Jobs;

/// <summary>Arguments and configs that cannot be used: one line that names the problem, exit code 2, no results.</summary>
[Collection(ProcessTests.Name)]
public sealed class BadConfigTests : JobTestBase
{
    [Theory]
    [InlineData("no config was given", new string[0])]
    [InlineData("does not exist; did you mean 'job.json'", new[] { "jbo.json" })]
    [InlineData("is a folder, not a config file", new[] { "." })]
    [InlineData("--colour", new[] { "job.json", "--colour" })]
    [InlineData("extra", new[] { "job.json", "extra" })]
    [InlineData("--set", new[] { "job.json", "--set" })]
    [InlineData("there is no '='", new[] { "job.json", "--set", "context" })]
    [InlineData("unknown key 'contxt'; did you mean 'context'?", new[] { "job.json", "--set", "contxt=5" })]
    [InlineData("'examples' must be a whole number", new[] { "job.json", "--set", "examples=many" })]
    [InlineData("'context' must be a whole number from 1", new[] { "job.json", "--set", "context=0" })]
    [InlineData("found an empty list", new[] { "job.json", "--set", "reference=[]" })]
    [InlineData("'models.0' must be one of infini-gram, induction-exact", new[] { "job.json", "--set", "models=[\"trigram\"]" })]
    [InlineData("'tokenizer.kind' is 'gpt9'", new[] { "job.json", "--set", "tokenizer.kind=gpt9" })]
    [InlineData("must be one of dotnet-docs", new[] { "job.json", "--set", "test={\"kind\":\"sample\",\"name\":\"pile\"}" })]
    [InlineData("'test.kind' is 'index'", new[] { "job.json", "--set", "test={\"kind\":\"index\",\"path\":\"x\"}" })]
    [InlineData("device 'abacus' is not known; choose", new[] { "job.json", "--device", "abacus" })]
    [InlineData("'output' must be a path", new[] { "job.json", "--output", "" })]
    public void A_wrong_argument_is_refused(string message, string[] arguments) => AssertRefused(Gim(arguments), message);

    [Theory]
    [InlineData("""{"task": "lm", "conttext": 5}""", "line 1: unknown key 'conttext'")]
    [InlineData("{\n\"task\": \"lm\",\n\"context\": \"long\"\n}", "line 3: 'context' must be a whole number")]
    [InlineData("""{"task": "lm",""", "not JSON")]
    [InlineData("""{"task": "sing"}""", "sing")]
    [InlineData("", "is empty")]
    public void A_wrong_config_is_refused(string config, string message)
    {
        Write("wrong.json", config);
        AssertRefused(Gim("wrong.json"), "wrong.json", message);
        Assert.False(Directory.Exists(In("runs")));
    }
}

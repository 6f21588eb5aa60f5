using Gim.Config;

namespace Gim.Tests.Config;

public sealed class ConfigOverrideTests : ConfigTestBase
{
    private const string Lm = """{"task":"lm","examples":2000,"reference":[{"kind":"text","path":"ref"}]}""";

    [Fact]
    public void Values_are_json_where_they_are_json_and_text_where_text_is_expected()
    {
        LanguageModelConfig config = LoadLm(
            Lm, "examples=5", "perplexity=true", "smoothing=1e-3", "device=123", "output=true", "seed=-4",
            "models=[\"induction-exact\"]", "tokenizer={\"kind\":\"tiktoken\",\"path\":\"/r\"}", "tokenizer.pattern=[a-z]+|\\d", "tokenizer.endOfText=9");
        Assert.Equal((5, true, 1e-3, "123", -4), (config.Examples, config.Perplexity, config.Smoothing, config.Device, config.Seed));
        Assert.Equal(Path.Combine(Working, "true"), config.Output);
        Assert.Equal(["induction-exact"], config.Models);
        Assert.Equal(new TiktokenTokenizerConfig { Path = Path.GetFullPath("/r"), Pattern = "[a-z]+|\\d", EndOfText = 9 }, config.Tokenizer);
    }

    [Fact]
    public void Text_may_be_quoted_and_may_hold_equals_signs()
    {
        Assert.Equal("a=b", LoadLm(Lm, "device=a=b").Device);
        Assert.Equal("a b", LoadLm(Lm, "device=\"a b\"").Device);
        Assert.Equal("\"a", LoadLm(Lm, "device=\"a").Device);
        Assert.Equal(Path.Combine(Working, "*.txt"), ((TextSourceConfig)LoadLm(Lm, "reference.0.path=*.txt").Reference[0]).Path);
    }

    [Fact]
    public void Null_takes_a_value_back() =>
        Assert.Equal(Path.Combine(Working, "runs", "job"), LoadLm("""{"task":"lm","output":"x"}""", "output=null").Output);

    [Fact]
    public void A_path_is_relative_to_where_it_was_written()
    {
        LanguageModelConfig config = LoadLm(Lm, "test={\"kind\":\"text\",\"path\":\"mine\"}", "cache=c");
        Assert.Equal(Path.Combine(Folder, "ref"), ((TextSourceConfig)config.Reference[0]).Path);
        Assert.Equal(new TextSourceConfig { Path = Path.Combine(Working, "mine") }, config.Test);
        Assert.Equal(Path.Combine(Working, "c"), config.Cache);
    }

    [Fact]
    public void The_similarity_model_and_how_it_is_used_can_be_set()
    {
        LanguageModelConfig config = LoadLm(Lm, "similarityModel=m.safetensors", "window=64", "temperature=0.05", "threshold=auto");
        Assert.Equal(
            (Path.Combine(Working, "m.safetensors"), 64, 0.05, new ThresholdConfig(null)),
            (config.SimilarityModel, config.Window, config.Temperature, config.Threshold));
        Assert.Equal(new ThresholdConfig(5), LoadLm(Lm, "threshold=auto", "threshold=5").Threshold);
    }

    [Fact]
    public void Later_ones_win_and_options_win_over_set()
    {
        LoadedConfig loaded = Load(Lm, ["examples=1", "examples=3", "device=cpu", "output=a"], device: "cuda", output: "b");
        var config = (LanguageModelConfig)loaded.Config;
        Assert.Equal((3, "cuda", Path.Combine(Working, "b")), (config.Examples, config.Device, config.Output));
        Assert.Equal(
            ["--set examples=1 (was 2000)", "--set examples=3 (was 1)", "--set device=cpu (was \"auto\")", "--set output=a (was null)",
             "--device cuda (was \"cpu\")", "--output b (was \"a\")"],
            loaded.Overrides);
    }

    [Fact]
    public void Setting_the_kind_drops_the_keys_of_the_old_kind_only()
    {
        const string sample = """{"task":"lm","test":{"kind":"sample","name":"dotnet-docs","part":"runtime"}}""";
        Assert.Equal(new TextSourceConfig { Path = Path.Combine(Working, "x") }, LoadLm(sample, "test.kind=text", "test.path=x").Test);
        // The default is a sample too.
        Assert.Equal(new TextSourceConfig { Path = Path.Combine(Working, "x") }, LoadLm("""{"task":"lm"}""", "test.kind=text", "test.path=x").Test);
        // The path stays where both kinds have it, and stays relative to the file.
        Assert.Equal([new JsonLinesSourceConfig { Path = Path.Combine(Folder, "ref") }], LoadLm(Lm, "reference.0.kind=jsonl").Reference);
        Assert.Equal(
            "job.json, line 1: unknown key 'test.pth'; did you mean 'path'?",
            Error("""{"task":"lm","test":{"kind":"text","pth":"x"}}""", "test.kind=jsonl"));
    }

    [Fact]
    public void Setting_the_task_keeps_what_both_tasks_have()
    {
        var config = Assert.IsType<IndexConfig>(Load(Lm, "task=index").Config);
        Assert.Equal([new TextSourceConfig { Path = Path.Combine(Folder, "ref") }], config.Reference);
        Assert.Equal(5, LoadLm("{}", "task=lm", "examples=5").Examples);
        Assert.Equal(5, LoadLm("{}", "examples=5", "task=lm").Examples);
    }

    [Fact]
    public void What_is_null_begins_with_the_first_key_below_it()
    {
        var config = Assert.IsType<TrainConfig>(Load("""{"task":"train"}""", "teacher.path=t", "teacher.keys=7").Config);
        Assert.Equal(new TeacherConfig { Path = Path.Combine(Working, "t"), Keys = 7 }, config.Teacher);
        Assert.Equal(config.Teacher, Assert.IsType<TrainConfig>(Load("""{"task":"train","teacher":null}""", "teacher.keys=7", "teacher.path=t").Config).Teacher);
        config = Assert.IsType<TrainConfig>(Load("""{"task":"train"}""", "sources.0.source.kind=text", "sources.0.source.path=x").Config);
        Assert.Equal([new TrainingSourceConfig { Source = new TextSourceConfig { Path = Path.Combine(Working, "x") } }], config.Sources!);
        Assert.StartsWith("--set teacher.keys=7: the key 'teacher.path' is missing", Error("""{"task":"train"}""", "teacher.keys=7"), StringComparison.Ordinal);
        Assert.Equal("--set device.x=1: 'device' is text in quotes and has no keys below it", Error("""{"task":"train"}""", "device.x=1"));
    }

    [Fact]
    public void An_index_one_past_the_end_appends()
    {
        LanguageModelConfig config = LoadLm(Lm, "reference.1.path=more", "reference.1.kind=text", "reference.2={\"kind\":\"sample\"}");
        Assert.Equal(
            [new TextSourceConfig { Path = Path.Combine(Folder, "ref") }, new TextSourceConfig { Path = Path.Combine(Working, "more") }, new SampleSourceConfig { Part = "runtime" }],
            config.Reference);
        Assert.Equal(["infini-gram"], LoadLm("""{"task":"lm","models":[]}""", "models.0=infini-gram").Models);
        Assert.Equal(["infini-gram", "induction-exact"], LoadLm("""{"task":"lm","models":["infini-gram"]}""", "models.1=induction-exact").Models);
    }

    [Fact]
    public void A_default_list_can_be_changed_in_part() =>
        Assert.Equal([new SampleSourceConfig { Part = "aspnetcore" }], LoadLm("""{"task":"lm"}""", "reference.0.part=aspnetcore").Reference);

    [Fact]
    public void An_override_can_mend_the_file() =>
        Assert.Equal(["infini-gram"], LoadLm("""{"task":"train","models":"x"}""", "task=lm", "models=[\"infini-gram\"]").Models);

    [Theory]
    [InlineData("examples", "--set examples: there is no '='; write --set key=value")]
    [InlineData("", "--set : there is no '='; write --set key=value")]
    [InlineData("=5", "--set =5: the key before '=' is missing; write --set key=value, such as --set test.path=file.txt")]
    [InlineData("test..path=5", "--set test..path=5: the key before '=' is not complete; write --set key=value, such as --set test.path=file.txt")]
    [InlineData("exmaples=5", "--set exmaples=5: unknown key 'exmaples'; did you mean 'examples'?")]
    [InlineData("test.path=x", "--set test.path=x: unknown key 'test.path' for kind 'sample'; 'path' belongs to kind text, jsonl, parquet (to change the kind, put --set test.kind=text before it)")]
    [InlineData("reference.0.pth=x", "--set reference.0.pth=x: unknown key 'reference.0.pth'; did you mean 'path'?")]
    [InlineData("reference.2.path=x", "--set reference.2.path=x: '2' is not an index of the list 'reference', which has 1 value; write reference.0 to reference.1 (1 adds one)")]
    [InlineData("reference.-1.path=x", "--set reference.-1.path=x: '-1' is not an index of the list 'reference', which has 1 value; write reference.0 to reference.1 (1 adds one)")]
    [InlineData("reference.path=x", "--set reference.path=x: 'path' is not an index of the list 'reference', which has 1 value; write reference.0 to reference.1 (1 adds one)")]
    [InlineData("models.99999999999=x", "--set models.99999999999=x: '99999999999' is not an index of the list 'models', which has 4 values; write models.0 to models.4 (4 adds one)")]
    [InlineData("examples.a=5", "--set examples.a=5: 'examples' is a whole number of at least 0 and has no keys below it")]
    [InlineData("models.0.a=5", "--set models.0.a=5: 'models.0' is one of infini-gram, induction-exact, induction-fuzzy, gim and has no keys below it")]
    [InlineData("threshold=never", "--set threshold=never: 'threshold' must be auto or a whole number from 0 to 1048577; found the text 'never'")]
    [InlineData("threshold=-3", "--set threshold=-3: 'threshold' must be auto or a whole number from 0 to 1048577; found the number -3")]
    [InlineData("threshold.a=3", "--set threshold.a=3: 'threshold' is auto or a whole number from 0 to 1048577 and has no keys below it")]
    [InlineData("window=0", "--set window=0: 'window' must be a whole number from 1 to 1048576; found the number 0")]
    [InlineData("examples=many", "--set examples=many: 'examples' must be a whole number of at least 0; found the text 'many'")]
    [InlineData("examples=", "--set examples=: 'examples' must be a whole number of at least 0; found the text ''")]
    [InlineData("context=0", "--set context=0: 'context' must be a whole number from 1 to 1048576; found the number 0")]
    [InlineData("models=infini-gram", "--set models=infini-gram: 'models' must be a list [...] with at least one value; found the text 'infini-gram'; write --set 'models=[\"infini-gram\"]'")]
    [InlineData("models=[infini-gram,induction-exact]", "--set models=[infini-gram,induction-exact]: 'models' must be a list [...] with at least one value; found the text '[infini-gram,induction-exact]'; write --set 'models=[\"infini-gram\",\"induction-exact\"]'")]
    [InlineData("models=7", "--set models=7: 'models' must be a list [...] with at least one value; found the number 7; write --set 'models=[\"infini-gram\"]'")]
    [InlineData("reference=x.txt", "--set reference=x.txt: 'reference' must be a list [...] with at least one value; found the text 'x.txt'; write --set 'reference=[{\"kind\":\"text\",\"path\":\"...\"}]'")]
    [InlineData("test=x.txt", "--set test=x.txt: 'test' must be an object {...}; found the text 'x.txt'; write --set 'test={\"kind\":\"text\",\"path\":\"...\"}', or one key at a time: --set test.kind=...")]
    [InlineData("test={\"kind\":\"text\",\"kind\":\"text\"}", "--set test={\"kind\":\"text\",\"kind\":\"text\"}: the key 'kind' stands twice in one object; keep one of them")]
    [InlineData("test={\"kind\":\"text\"}", "--set test={\"kind\":\"text\"}: the key 'test.path' is missing for kind 'text': A file, a folder (every file below it) or a glob.")]
    [InlineData("test.kind=txt", "--set test.kind=txt: 'test.kind' is 'txt', which cannot stand here (known: sample, text, jsonl, parquet); did you mean 'text'?")]
    [InlineData("task=fmr", "--set task=fmr: 'task' is 'fmr', which cannot stand here (known: lm, index, train, fmri); did you mean 'fmri'?")]
    [InlineData("output=", "--set output=: 'output' must be a path; found the text ''")]
    [InlineData("device=null", "--set device=null: 'device' must be text in quotes; found null")]
    [InlineData("de\nvice=1", @"--set de\u000avice=1: unknown key 'de\u000avice'; did you mean 'device'?")]
    public void A_mistake_in_an_override(string set, string expected) => Assert.Equal(expected, Error(Lm, set));

    [Fact]
    public void An_override_below_a_value_of_the_wrong_type_names_both_places()
    {
        Assert.Equal("--set test.kind=text: 'test' must be an object {...}; found the number 5 (job.json, line 2)", Error("{\"task\":\"lm\",\n\"test\":5}", "test.kind=text"));
        Assert.Equal("--set models.0=x: 'models' must be a list [...]; found null (job.json, line 1)", Error("""{"task":"lm","models":null}""", "models.0=x"));
    }

    [Fact]
    public void The_value_of_an_option_is_never_json()
    {
        JobConfig config = Load(Lm, [], device: "null", output: "\"quoted\"").Config;
        Assert.Equal(("null", Path.Combine(Working, "\"quoted\"")), (config.Device, config.Output));
    }

    [Fact]
    public void Bad_options_are_named_as_such()
    {
        var error = Assert.Throws<InputException>(() => Load(Lm, [], device: null, output: ""));
        Assert.Equal("--output : 'output' must be a path; found the text ''", OneLine(error));
    }

    [Fact]
    public void The_schema_key_is_accepted_and_ignored() =>
        Assert.Equal(LoadLm(Lm), LoadLm(Lm, "$schema=x"));
}

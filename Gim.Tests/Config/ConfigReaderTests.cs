using Gim.Config;

namespace Gim.Tests.Config;

public sealed class ConfigReaderTests : ConfigTestBase
{
    [Fact]
    public void The_smallest_lm_config_gets_the_published_defaults()
    {
        var expected = new LanguageModelConfig
        {
            Output = Path.Combine(Working, "runs", "job"),
            Cache = Path.Combine(Working, "runs", "job", "cache"),
        };
        LanguageModelConfig config = LoadLm("""{"task":"lm"}""");

        Assert.Equal(expected, config);
        Assert.Equal(("auto", 1, 0), (config.Device, config.Seed, config.Threads));
        Assert.Equal(new Gpt2TokenizerConfig(), config.Tokenizer);
        Assert.Equal([new SampleSourceConfig { Name = "dotnet-docs", Part = "runtime" }], config.Reference);
        Assert.Equal(new SampleSourceConfig { Name = "dotnet-docs", Part = "aspnetcore" }, config.Test);
        Assert.Equal(["infini-gram", "induction-exact", "induction-fuzzy", "gim"], config.Models);
        Assert.Equal(default, (config.SimilarityModel, config.Window, config.Temperature, config.Threshold));
        Assert.Equal((1024, 512, 0, 1, false, 500), (config.Context, config.Stride, config.Examples, config.Consecutive, config.CrossDocuments, config.ReferenceContext));
        Assert.Equal((false, 0.01), (config.Perplexity, config.Smoothing));
    }

    [Fact]
    public void Training_takes_the_sample_unless_there_are_sources_or_a_teacher()
    {
        var sample = Assert.IsType<TrainConfig>(Load("""{"task":"train"}""").Config);
        Assert.Equal([new TrainingSourceConfig { Source = new SampleSourceConfig { Part = "runtime" } }], sample.Sources!);
        Assert.Equal((null, null), (sample.Teacher, sample.Model.Window));
        LoadedConfig distilled = Load("""{"task":"train","teacher":{"path":"t"}}""");
        Assert.Null(Assert.IsType<TrainConfig>(distilled.Config).Sources);
        Assert.Equal(new TeacherConfig { Path = Path.Combine(Folder, "t"), Queries = 128, Keys = 512 }, Assert.IsType<TrainConfig>(distilled.Config).Teacher);
        Assert.Equal(distilled.Config, Load(distilled.EffectiveJson).Config);
        Assert.Contains("\"sources\": null", distilled.EffectiveJson, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_can_be_written()
    {
        LanguageModelConfig config = LoadLm("""
            {
              "$schema": "./gim.schema.json", // comments and trailing commas are fine
              "task": "lm", "device": "cpu", "seed": -7, "threads": 3, "output": "out",
              "tokenizer": { "kind": "bpe", "vocab": "v.json", "merges": "/m.txt", "endOfText": "<eos>" },
              "reference": [
                { "kind": "index", "path": "idx", "tokenType": "u16", "eos": 2 },
                { "kind": "jsonl", "path": "a/*.jsonl", "field": "content" },
                { "path": "p", "kind": "parquet", "column": "c" },
                { "kind": "sample" },
              ],
              "test": { "kind": "text", "path": "t.txt", "separator": "---" },
              "models": ["induction-exact"], "similarityModel": "m.safetensors", "window": 16, "temperature": 0.2, "threshold": "auto",
              "context": 64, "stride": 32, "examples": 1e5, "consecutive": 4, "crossDocuments": true,
              "referenceContext": 20, "perplexity": true, "smoothing": 0.5, "cache": "../cache"
            }
            """);
        Assert.Equal(
            new LanguageModelConfig
            {
                Device = "cpu", Seed = -7, Threads = 3, Output = Path.Combine(Folder, "out"),
                Tokenizer = new BpeTokenizerConfig { Vocab = Path.Combine(Folder, "v.json"), Merges = Path.GetFullPath("/m.txt"), EndOfText = "<eos>" },
                Reference =
                [
                    new IndexSourceConfig { Path = Path.Combine(Folder, "idx"), TokenType = "u16", Eos = 2 },
                    new JsonLinesSourceConfig { Path = Path.Combine(Folder, "a", "*.jsonl"), Field = "content" },
                    new ParquetSourceConfig { Path = Path.Combine(Folder, "p"), Column = "c" },
                    new SampleSourceConfig { Part = "runtime" },
                ],
                Test = new TextSourceConfig { Path = Path.Combine(Folder, "t.txt"), Separator = "---" },
                Models = ["induction-exact"], SimilarityModel = Path.Combine(Folder, "m.safetensors"), Window = 16, Temperature = 0.2, Threshold = new ThresholdConfig(null),
                Context = 64, Stride = 32, Examples = 100_000, Consecutive = 4, CrossDocuments = true,
                ReferenceContext = 20, Perplexity = true, Smoothing = 0.5, Cache = Path.GetFullPath(Path.Combine(Folder, "..", "cache")),
            },
            config);
    }

    [Theory]
    [InlineData("\"auto\"", null)]
    [InlineData("0", 0)]
    [InlineData("8", 8)]
    [InlineData("1e1", 10)]
    [InlineData("1048577", 1048577)]
    public void The_threshold_is_a_number_or_auto(string value, int? expected)
    {
        string json = $$"""{"task":"lm","threshold":{{value}}}""";
        Assert.Equal(new ThresholdConfig(expected), LoadLm(json).Threshold);
        Assert.Equal(LoadLm(json), LoadLm("""{"task":"lm"}""", $"threshold={value}"));
        Assert.Null(LoadLm(json, "threshold=null").Threshold);
    }

    [Theory]
    [InlineData("""{"kind":"gpt2"}""", typeof(Gpt2TokenizerConfig))]
    [InlineData("""{"kind":"tiktoken","path":"r","pattern":"[a-z]+","endOfText":7}""", typeof(TiktokenTokenizerConfig))]
    [InlineData("""{"kind":"sentencepiece","path":"m"}""", typeof(SentencePieceTokenizerConfig))]
    [InlineData("""{"kind":"bytes"}""", typeof(BytesTokenizerConfig))]
    public void Every_tokenizer_can_be_chosen(string tokenizer, Type expected) =>
        Assert.IsType(expected, LoadLm($$"""{"task":"lm","tokenizer":{{tokenizer}}}""").Tokenizer);

    [Fact]
    public void An_index_job_takes_documents()
    {
        var config = Assert.IsType<IndexConfig>(Load("""{"task":"index","reference":[{"kind":"text","path":"t"},{"kind":"sample"}]}""").Config);
        Assert.Equal([new TextSourceConfig { Path = Path.Combine(Folder, "t") }, new SampleSourceConfig { Part = "runtime" }], config.Reference);
        Assert.Equal(Path.Combine(Working, "runs", "job"), config.OutputFolder);
    }

    [Fact]
    public void A_value_of_null_takes_the_default_where_null_is_the_default() =>
        Assert.Equal(LoadLm("""{"task":"lm"}"""), LoadLm("""{"task":"lm","output":null,"cache":null,"similarityModel":null,"window":null,"temperature":null,"threshold":null,"test":{"kind":"sample","part":null}}"""));

    [Theory]
    [InlineData("""{"task":"lm"}""")]
    [InlineData("""{"task":"lm","similarityModel":"m.pt","window":64,"temperature":0.05,"threshold":"auto"}""")]
    [InlineData("""{"task":"lm","threshold":8}""")]
    [InlineData("""{"task":"index"}""")]
    [InlineData("""{"$schema":"x","task":"lm","tokenizer":{"kind":"tiktoken","path":"é \"<|x|>\" 日本"},"reference":[{"kind":"index","path":"i"},{"kind":"text","path":"t"}],"smoothing":1e-9}""")]
    public void The_effective_config_reads_back_equal(string json)
    {
        LoadedConfig first = Load(json);
        string elsewhere = Path.Combine(Working, "effective.json");
        File.WriteAllText(elsewhere, first.EffectiveJson);
        LoadedConfig second = ConfigReader.Read(elsewhere, [], null, null, Path.GetTempPath());

        Assert.Equal(first.Config, second.Config);
        Assert.Equal(first.EffectiveJson, second.EffectiveJson);
        Assert.DoesNotContain("$schema", first.EffectiveJson, StringComparison.Ordinal);
    }

    [Fact]
    public void The_effective_config_spells_out_every_value()
    {
        string json = Load("""{"task":"index","tokenizer":{"kind":"tiktoken","path":"/r"}}""", "output=/out").EffectiveJson;
        Assert.Equal(
            """
            {
              "task": "index",
              "device": "auto",
              "seed": 1,
              "threads": 0,
              "output": "/out",
              "tokenizer": {
                "kind": "tiktoken",
                "path": "/r",
                "pattern": null,
                "endOfText": null
              },
              "reference": [
                {
                  "kind": "sample",
                  "name": "dotnet-docs",
                  "part": "runtime",
                  "transform": "none"
                }
              ],
              "memory": null
            }

            """.ReplaceLineEndings("\n"),
            OperatingSystem.IsWindows() ? json.Replace(@"C:\\", "/", StringComparison.OrdinalIgnoreCase) : json);
    }

    [Fact]
    public void Records_with_equal_lists_are_equal_and_with_other_lists_are_not()
    {
        var one = new LanguageModelConfig { Models = ["infini-gram"] };
        Assert.Equal(one, new LanguageModelConfig { Models = new List<string> { "infini-gram" } });
        Assert.Equal(one.GetHashCode(), new LanguageModelConfig { Models = ["infini-gram"] }.GetHashCode());
        Assert.NotEqual(one, new LanguageModelConfig { Models = ["induction-exact"] });
        Assert.NotEqual(one, new LanguageModelConfig());
    }

    [Fact]
    public void A_list_given_to_a_record_is_copied()
    {
        var models = new List<string> { "infini-gram" };
        var config = new LanguageModelConfig { Models = models };
        models.Add("induction-exact");
        Assert.Single(config.Models);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_accepted() =>
        Assert.Equal(5, LoadLm("\uFEFF{\r\n\"task\": \"lm\",\r\n\"examples\": 5\r\n}\r\n").Examples);
}

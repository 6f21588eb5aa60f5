using Gim.Config;

namespace Gim.Tests.Config;

/// <summary>What a user reads who made a mistake in a config file. The messages are compared whole.</summary>
public sealed class ConfigErrorTests : ConfigTestBase
{
    [Theory]
    // Unknown keys.
    [InlineData("{\n\"task\":\"lm\",\n\"exmaples\":1}", "job.json, line 3: unknown key 'exmaples'; did you mean 'examples'?")]
    [InlineData("""{"task":"lm","Examples":1}""", "job.json, line 1: unknown key 'Examples'; did you mean 'examples'?")]
    [InlineData("""{"task":"index","zebra":1}""", "job.json, line 1: unknown key 'zebra'; the keys for task 'index' are task, device, seed, threads, output, tokenizer, reference, memory, $schema")]
    [InlineData("""{"task":"lm","schema":"x"}""", "job.json, line 1: unknown key 'schema'; did you mean '$schema'?")]
    [InlineData("""{"task":"index","examples":1}""", "job.json, line 1: unknown key 'examples' for task 'index'; 'examples' belongs to task lm")]
    [InlineData("{\"task\":\"lm\",\n\"test\":{\"kind\":\"text\",\n\"pth\":\"x\"}}", "job.json, line 3: unknown key 'test.pth'; did you mean 'path'?")]
    [InlineData("""{"task":"lm","test":{"kind":"sample","path":"x"}}""", "job.json, line 1: unknown key 'test.path' for kind 'sample'; 'path' belongs to kind text, jsonl, parquet")]
    [InlineData("""{"task":"lm","reference":[{"kind":"sample"},{"kind":"text","path":"x","qq":1}]}""", "job.json, line 1: unknown key 'reference.1.qq'; the keys for kind 'text' are kind, path, separator, transform")]
    [InlineData("""{"task":"lm","tokenizer":{"kind":"gpt2","path":1}}""", "job.json, line 1: unknown key 'tokenizer.path' for kind 'gpt2'; 'path' belongs to kind tiktoken, sentencepiece")]
    [InlineData("""{"task":"lm","test":{"kind":"sample","$schema":"x"}}""", "job.json, line 1: unknown key 'test.$schema'; the keys for kind 'sample' are kind, name, part, transform")]
    [InlineData("""{"task":"lm","a\nb\u2028":1}""", @"job.json, line 1: unknown key 'a\u000ab\u2028'; the keys for task 'lm' are task, device, seed, threads, output, tokenizer, reference, test, models, similarityModel, domain, window, temperature, matchBonus, recency, threshold, rule, context, stride, examples, consecutive, crossDocuments, referenceContext, perplexity, smoothing, cache, $schema")]
    // Keys that stand twice.
    [InlineData("{\"task\":\"lm\",\n\"seed\":1,\n\"seed\":1}", "job.json, line 3: the key 'seed' stands twice in one object (first in line 2); keep one of them")]
    [InlineData("""{"task":"lm","t\u0061sk":"lm"}""", "job.json, line 1: the key 'task' stands twice in one object (first in line 1); keep one of them")]
    // Wrong types.
    [InlineData("[]", "job.json, line 1: a config is an object {...}; found an empty list []")]
    [InlineData("\n\n\"lm\"", "job.json, line 3: a config is an object {...}; found the text 'lm'")]
    [InlineData("{\"task\":\"lm\",\n\"context\":\n\"many\"}", "job.json, line 3: 'context' must be a whole number from 1 to 1048576; found the text 'many'")]
    [InlineData("""{"task":"lm","perplexity":"yes"}""", "job.json, line 1: 'perplexity' must be true or false; found the text 'yes'")]
    [InlineData("""{"task":"lm","device":3}""", "job.json, line 1: 'device' must be text in quotes; found the number 3")]
    [InlineData("""{"task":"lm","device":null}""", "job.json, line 1: 'device' must be text in quotes; found null")]
    [InlineData("""{"task":"lm","device":""}""", "job.json, line 1: 'device' must be text in quotes; found empty text")]
    [InlineData("""{"task":"lm","output":[1]}""", "job.json, line 1: 'output' must be a path; found a list [...]")]
    [InlineData("""{"task":"lm","test":"file.txt"}""", "job.json, line 1: 'test' must be an object {...}; found the text 'file.txt'")]
    [InlineData("""{"task":"lm","models":"infini-gram"}""", "job.json, line 1: 'models' must be a list [...] with at least one value; found the text 'infini-gram'")]
    [InlineData("""{"task":"lm","models":["infini-gram",7]}""", "job.json, line 1: 'models.1' must be one of infini-gram, induction-exact, induction-fuzzy, gim; found the number 7")]
    [InlineData("""{"task":"lm","reference":{"kind":"sample"}}""", "job.json, line 1: 'reference' must be a list [...] with at least one value; found an object {...}")]
    [InlineData("""{"task":"lm","reference":["x"]}""", "job.json, line 1: 'reference.0' must be an object {...}; found the text 'x'")]
    [InlineData("""{"task":"lm","reference":[null]}""", "job.json, line 1: 'reference.0' must be an object {...}; found null")]
    [InlineData("""{"task":"lm","$schema":1}""", "job.json, line 1: '$schema' must be text in quotes; found the number 1")]
    [InlineData("""{"task":"lm","test":{"kind":"text","path":" "}}""", "job.json, line 1: 'test.path' must be a path; found the text ' '")]
    [InlineData("""{"task":"lm","test":{"kind":"text","path":"a\u0000b"}}""", @"job.json, line 1: 'test.path' must be a path; found the text 'a\u0000b'")]
    [InlineData("""{"task":"lm","test":{"kind":"text","path":null}}""", "job.json, line 1: 'test.path' must be a path; found null")]
    // Numbers.
    [InlineData("""{"task":"lm","context":0}""", "job.json, line 1: 'context' must be a whole number from 1 to 1048576; found the number 0")]
    [InlineData("""{"task":"lm","context":1048577}""", "job.json, line 1: 'context' must be a whole number from 1 to 1048576; found the number 1048577")]
    [InlineData("""{"task":"lm","context":1.5}""", "job.json, line 1: 'context' must be a whole number from 1 to 1048576; found the number 1.5")]
    [InlineData("""{"task":"lm","stride":0}""", "job.json, line 1: 'stride' must be a whole number of at least 1; found the number 0")]
    [InlineData("""{"task":"lm","examples":-1}""", "job.json, line 1: 'examples' must be a whole number of at least 0; found the number -1")]
    [InlineData("""{"task":"lm","examples":99999999999}""", "job.json, line 1: 'examples' must be a whole number of at least 0; found the number 99999999999")]
    [InlineData("""{"task":"lm","consecutive":0}""", "job.json, line 1: 'consecutive' must be a whole number of at least 1; found the number 0")]
    [InlineData("""{"task":"lm","threads":-1}""", "job.json, line 1: 'threads' must be a whole number from 0 to 1024; found the number -1")]
    [InlineData("""{"task":"lm","seed":1e400}""", "job.json, line 1: 'seed' must be a whole number from -2147483648 to 2147483647; found the number 1e400")]
    [InlineData("""{"task":"lm","smoothing":0}""", "job.json, line 1: 'smoothing' must be a number above 1E-12 and below 1; found the number 0")]
    [InlineData("""{"task":"lm","smoothing":1}""", "job.json, line 1: 'smoothing' must be a number above 1E-12 and below 1; found the number 1")]
    [InlineData("""{"task":"lm","smoothing":1e400}""", "job.json, line 1: 'smoothing' must be a number above 1E-12 and below 1; found the number 1e400")]
    [InlineData("""{"task":"lm","smoothing":"NaN"}""", "job.json, line 1: 'smoothing' must be a number above 1E-12 and below 1; found the text 'NaN'")]
    [InlineData("""{"task":"lm","reference":[{"kind":"index","path":"x","eos":-1}]}""", "job.json, line 1: 'reference.0.eos' must be a whole number of at least 0; found the number -1")]
    [InlineData("""{"task":"lm","window":0}""", "job.json, line 1: 'window' must be a whole number from 1 to 1048576; found the number 0")]
    [InlineData("""{"task":"lm","window":"32"}""", "job.json, line 1: 'window' must be a whole number from 1 to 1048576; found the text '32'")]
    [InlineData("""{"task":"lm","temperature":0}""", "job.json, line 1: 'temperature' must be a number from 0.02 to 1000; found the number 0")]
    [InlineData("""{"task":"lm","temperature":[0.1]}""", "job.json, line 1: 'temperature' must be a number from 0.02 to 1000; found a list [...]")]
    [InlineData("""{"task":"lm","threshold":-1}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found the number -1")]
    [InlineData("""{"task":"lm","threshold":1048578}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found the number 1048578")]
    [InlineData("""{"task":"lm","threshold":2.5}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found the number 2.5")]
    [InlineData("""{"task":"lm","threshold":"8"}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found the text '8'")]
    [InlineData("""{"task":"lm","threshold":"Auto"}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found the text 'Auto'")]
    [InlineData("""{"task":"lm","threshold":{}}""", "job.json, line 1: 'threshold' must be auto or a whole number from 0 to 1048577; found an object {...}")]
    [InlineData("""{"task":"lm","similarityModel":7}""", "job.json, line 1: 'similarityModel' must be a path; found the number 7")]
    [InlineData("""{"task":"lm","similarityModel":""}""", "job.json, line 1: 'similarityModel' must be a path; found the text ''")]
    // Lists and names.
    [InlineData("""{"task":"lm","models":[]}""", "job.json, line 1: 'models' must be a list [...] with at least one value; found an empty list []")]
    [InlineData("""{"task":"index","reference":[]}""", "job.json, line 1: 'reference' must be a list [...] with at least one value; found an empty list []")]
    [InlineData("""{"task":"lm","models":["infinigram"]}""", "job.json, line 1: 'models.0' must be one of infini-gram, induction-exact, induction-fuzzy, gim; found the text 'infinigram'; did you mean 'infini-gram'?")]
    [InlineData("""{"task":"lm","models":["infini-gram","infini-gram"]}""", "job.json, line 1: 'models' has 'infini-gram' twice; keep one of them")]
    [InlineData("""{"task":"lm","test":{"kind":"sample","part":"runtme"}}""", "job.json, line 1: 'test.part' must be one of runtime, aspnetcore; found the text 'runtme'; did you mean 'runtime'?")]
    [InlineData("""{"task":"lm","test":{"kind":"sample","name":"books"}}""", "job.json, line 1: 'test.name' must be one of dotnet-docs; found the text 'books'")]
    // Kinds and tasks.
    [InlineData("""{"task":"lm","test":{"kind":"txt","path":"x"}}""", "job.json, line 1: 'test.kind' is 'txt', which cannot stand here (known: sample, text, jsonl, parquet); did you mean 'text'?")]
    [InlineData("""{"task":"lm","test":{"kind":"index","path":"x"}}""", "job.json, line 1: 'test.kind' is 'index', which cannot stand here (known: sample, text, jsonl, parquet)")]
    [InlineData("""{"task":"lm","test":{"kind":7}}""", "job.json, line 1: 'test.kind' must be one of sample, text, jsonl, parquet; found the number 7")]
    [InlineData("""{"task":"lm","tokenizer":{}}""", "job.json, line 1: the key 'tokenizer.kind' is missing; it says which of gpt2, tiktoken, bpe, sentencepiece, bytes this is")]
    [InlineData("""{"task":"lm","test":{"kind":"text"}}""", "job.json, line 1: the key 'test.path' is missing for kind 'text': A file, a folder (every file below it) or a glob.")]
    [InlineData("{}", "job.json, line 1: the key 'task' is missing; it says which of lm, index, train, fmri this is")]
    [InlineData("""{"task":"fmr"}""", "job.json, line 1: 'task' is 'fmr', which cannot stand here (known: lm, index, train, fmri); did you mean 'fmri'?")]
    [InlineData("""{"task":"indx"}""", "job.json, line 1: 'task' is 'indx', which cannot stand here (known: lm, index, train, fmri); did you mean 'index'?")]
    [InlineData("""{"task":null}""", "job.json, line 1: 'task' must be one of lm, index, train, fmri; found null")]
    // Not JSON.
    [InlineData("", "job.json is empty; a config is at least {\"task\": \"lm\"}")]
    [InlineData(" \r\n\t", "job.json is empty; a config is at least {\"task\": \"lm\"}")]
    [InlineData("{\"task\":\"lm\",\n  \"é\": tru }", "job.json, line 2, column 11: not JSON: 'tru }' is an invalid JSON literal. Expected the literal 'true'")]
    [InlineData("{\"task\":\"lm\"}\n}", "job.json, line 2, column 1: not JSON: '}' is invalid after a single JSON value. Expected end of data")]
    [InlineData("{\"task\":\"lm\"", "job.json, line 1, column 13: not JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed")]
    [InlineData("""{"task":"lm","smoothing":NaN}""", "job.json, line 1, column 26: not JSON: 'N' is an invalid start of a value")]
    [InlineData("""{"task":"lm","device":"\ud800"}""", @"job.json, line 1: this text is not valid Unicode (half of a surrogate pair, such as \ud800 alone)")]
    public void A_mistake_in_the_file(string json, string expected) => Assert.Equal(expected, Error(json));

    [Fact]
    public void Long_values_are_cut() =>
        Assert.Equal(
            $"job.json, line 1: 'seed' must be a whole number from -2147483648 to 2147483647; found the text '{new string('x', 97)}...'",
            Error($$"""{"task":"lm","seed":"{{new string('x', 5000)}}"}"""));

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.StartsWith("job.json, line 1, column 65: not JSON: ", Error(new string('[', 100_000)), StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', 0 }, "job.json, line 1: not UTF-8 text; save the file as UTF-8")]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xC3, (byte)'"', (byte)'}' }, "job.json, line 2: not UTF-8 text; save the file as UTF-8")]
    public void Text_in_another_encoding_is_refused(byte[] bytes, string expected)
    {
        File.WriteAllBytes(ConfigPath, bytes);
        Assert.Equal(expected, FileError("job.json"));
    }

    [Fact]
    public void A_missing_file_names_the_near_one_or_all()
    {
        Assert.Equal("the config file lm.json does not exist; there is no .json file in that folder", FileError("lm.json"));
        foreach (string name in (string[])["lm-files.json", "index.json", "gim.schema.json"]) File.WriteAllText(Path.Combine(Folder, name), "{}");
        Assert.Equal("the config file lm-file.json does not exist; did you mean 'lm-files.json'?", FileError("lm-file.json"));
        Assert.Equal("the config file index does not exist; did you mean 'index.json'?", FileError("index"));
        Assert.Equal("the config file zebra.json does not exist; the config files in that folder are index.json, lm-files.json", FileError("zebra.json"));
        Assert.Equal("the config file nowhere/a.json does not exist, nor does its folder", FileError("nowhere/a.json"));
        Assert.Equal(@"the config file a\u000a.json does not exist; the config files in that folder are index.json, lm-files.json", FileError("a\n.json"));
    }

    [Fact]
    public void A_folder_is_refused_and_its_configs_named()
    {
        Assert.Equal("working is a folder, not a config file; there is no .json file in that folder", FileError("working"));
        for (int i = 10; i < 22; i++) File.WriteAllText(Path.Combine(Working, $"{i}.json"), "{}");
        Assert.Equal(
            "working is a folder, not a config file; the config files in that folder are 10.json, 11.json, 12.json, 13.json, 14.json, 15.json, 16.json, 17.json, 18.json, 19.json and 2 more",
            FileError("working"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_refused(string path) =>
        Assert.Equal("the path of the config file is empty or has a null character in it", FileError(path));

    [Fact]
    public void A_data_file_is_refused_unread()
    {
        File.WriteAllText(ConfigPath, new string(' ', (1 << 20) + 1));
        Assert.Equal("job.json is larger than 1048576 bytes, which no config is; is it a data file?", FileError("job.json"));
    }

    private string FileError(string path) =>
        OneLine(Assert.Throws<InputException>(() => ConfigReader.Read(path, [], null, null, Folder)));
}

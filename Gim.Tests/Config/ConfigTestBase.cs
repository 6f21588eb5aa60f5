using Gim.Config;

namespace Gim.Tests.Config;

/// <summary>A folder of its own for each test, with a subfolder that plays the working directory.</summary>
public abstract class ConfigTestBase : IDisposable
{
    protected ConfigTestBase()
    {
        Folder = Directory.CreateTempSubdirectory("gim-config-").FullName;
        Working = Path.Combine(Folder, "working");
        Directory.CreateDirectory(Working);
    }

    protected string Folder { get; }

    protected string Working { get; }

    protected string ConfigPath => Path.Combine(Folder, "job.json");

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected LoadedConfig Load(string json, params string[] sets) => Load(json, sets, null, null);

    protected LoadedConfig Load(string json, string[] sets, string? device, string? output)
    {
        File.WriteAllText(ConfigPath, json);
        return ConfigReader.Read(ConfigPath, sets, device, output, Working);
    }

    protected LanguageModelConfig LoadLm(string json, params string[] sets) =>
        Assert.IsType<LanguageModelConfig>(Load(json, sets).Config);

    /// <summary>The message of the error, after checking what holds for every error; the file's name is shortened.</summary>
    protected string Error(string json, params string[] sets) =>
        OneLine(Assert.Throws<InputException>(() => Load(json, sets))).Replace(ConfigPath, "job.json", StringComparison.Ordinal);

    protected static string OneLine(InputException error)
    {
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c is '\u2028' or '\u2029');
        Assert.False(error.Message.StartsWith("error", StringComparison.OrdinalIgnoreCase), error.Message);
        return error.Message;
    }
}

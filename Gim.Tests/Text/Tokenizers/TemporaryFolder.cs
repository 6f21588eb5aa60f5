namespace Gim.Tests.Text.Tokenizers;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gim-");

    public string Path => folder.FullName;

    public string Write(string name, byte[] content)
    {
        string path = System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => folder.Delete(recursive: true);
}

namespace Gim.Fmri.Responses;

/// <summary>Where the responses to one story are: a file, or something that can be read like one.</summary>
/// <param name="Description">What messages call it: a file's path.</param>
/// <param name="Open">Opens it anew each time it is read.</param>
internal sealed record ResponseSource(string Description, Func<IResponseFile> Open)
{
    public static ResponseSource File(string path) => new(path, () => ResponseFiles.Open(path));
}

using Gim.Progress;

namespace Gim.Files;

/// <summary>
/// Lets several runs that want to write the same thing do so one after another: whoever holds the file has the turn.
/// A turn ends with the process at the latest, so nothing is left locked behind a run that was killed.
/// </summary>
internal static class FileTurn
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until no other run holds <paramref name="path"/>.</summary>
    /// <param name="path">An empty file, made where needed; it stays, since removing it would let two runs in.</param>
    /// <param name="waiting">What to say when there is another run.</param>
    /// <param name="log">Where to say it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The turn, and whether another run had it before. Null where the place cannot be written.</returns>
    public static (IDisposable? Turn, bool Waited) Take(string path, string waiting, IJobLog log, CancellationToken cancellation)
    {
        bool waited = false;
        while (true)
        {
            try
            {
                return (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), waited);
            }
            catch (IOException problem) when (IsHeld(problem))
            {
                if (!waited)
                    log.Info(waiting);
                waited = true;
                cancellation.WaitHandle.WaitOne(Pause);
                cancellation.ThrowIfCancellationRequested();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                return (null, waited);
            }
        }
    }

    // EWOULDBLOCK of Linux and of the BSDs with macOS; ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeld(IOException problem) => problem.HResult is 11 or 35 or unchecked((int)0x80070020);
}

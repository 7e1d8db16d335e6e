namespace Pillarbox.Queue.RocksDb;

/// <summary>Keeps a second server out of a queue's directory. The lock goes with the process, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="IOException">Another has it.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            // FileShare.None is an advisory lock (flock) on Unix.
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new IOException($"the queue in {directory} is in use by another server (it holds the lock on {path})", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

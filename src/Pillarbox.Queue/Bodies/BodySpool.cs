using Microsoft.Win32.SafeHandles;
using Pillarbox.Queue.Threads;

namespace Pillarbox.Queue.Bodies;

/// <summary>The directory where large bodies lie, a file each, called by the message's id.</summary>
internal sealed class BodySpool : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int Threads = 4;

    private readonly DirectorySync _names;

    /// <param name="directory">Where; it is made if it is not there.</param>
    /// <param name="space">Refuses to write when the disk is nearly full.</param>
    public BodySpool(string directory, FreeSpace space)
    {
        Location = directory;
        Space = space;
        DurableDirectory.Create(directory);
        _names = new DirectorySync(directory);
    }

    /// <summary>The directory.</summary>
    public string Location { get; }

    /// <summary>What is left on its disk.</summary>
    public FreeSpace Space { get; }

    /// <summary>Who waits for the disk.</summary>
    public DiskThreads Disk { get; } = new(Threads, "queue bodies");

    /// <summary>Opens a new file for the body of <paramref name="id"/>, for writing and then reading.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public SafeFileHandle Create(QueueId id)
    {
        try
        {
            var file = File.OpenHandle(PathOf(id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, OwnerOnly);
            return file;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"no file can be made in {Location}: {e.Message}", e);
        }
    }

    /// <summary>Opens the body of <paramref name="id"/>, or gives <see langword="null"/> when there is none.</summary>
    public SafeFileHandle? TryOpen(QueueId id)
    {
        try
        {
            return File.OpenHandle(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Blocks until the names of all files that were made are on the disk.</summary>
    public void SyncNames() => _names.Sync();

    /// <summary>Deletes the body of <paramref name="id"/>, if it is there.</summary>
    public void Delete(QueueId id) => File.Delete(PathOf(id));

    /// <summary>Deletes bodies that belong to no message: a crash came between body and envelope, or between envelope and body at the end.</summary>
    /// <param name="isKept">Whether a message has the body of this id.</param>
    /// <returns>How many were deleted.</returns>
    public int Sweep(Func<QueueId, bool> isKept)
    {
        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(Location))
        {
            // Names that are no ids are not ours to delete.
            if (!QueueId.TryParse(Path.GetFileName(path), out var id) || isKept(id))
                continue;
            File.Delete(path);
            swept++;
        }

        return swept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Disk.Dispose();
        _names.Dispose();
    }

    private string PathOf(QueueId id) => Path.Combine(Location, id.ToString());
}

namespace Pillarbox.Queue.Bodies;

/// <summary>Directories that hold people's mail: open to the server's user alone, and still there after a power cut.</summary>
public static class DurableDirectory
{
    /// <summary>
    /// Makes a directory, and those above it, unless they are there. The name of each that is made is synced in the one above: what is synced
    /// inside of a directory is lost with the directory's own name.
    /// </summary>
    /// <exception cref="IOException">It cannot be made, or its name may not be on the disk.</exception>
    public static void Create(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path) || Path.GetDirectoryName(path) is not { } above)
            return;

        Create(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var names = new DirectorySync(above);
        names.Sync();
    }
}

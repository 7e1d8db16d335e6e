namespace Pillarbox.Queue.Bodies;

/// <summary>Directories that hold people's mail: open to the server's user alone.</summary>
internal static class PrivateDirectory
{
    /// <summary>Makes a directory, and those above it, unless they are there.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

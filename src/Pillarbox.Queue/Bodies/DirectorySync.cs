using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pillarbox.Queue.Bodies;

/// <summary>
/// Makes a directory's entries durable. A synced file whose name is not synced is lost at a power cut (fsync(2)), and .NET opens no
/// directories.
/// </summary>
public sealed partial class DirectorySync : IDisposable
{
    // Linux and macOS agree on O_RDONLY; O_DIRECTORY and O_CLOEXEC differ, and fsync(2) on a plain read-only descriptor is enough.
    private const int ReadOnly = 0;

    private readonly string _path;
    private readonly int _descriptor;

    /// <summary>Opens the directory.</summary>
    public DirectorySync(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            // NTFS journals names itself, and there is no call for it.
            _descriptor = -1;
            return;
        }

        _descriptor = Open(path, ReadOnly, 0);
        if (_descriptor < 0)
            throw Failed("open");
    }

    /// <summary>Blocks until the directory's entries are on the disk.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public void Sync()
    {
        if (_descriptor >= 0 && FSync(_descriptor) != 0)
            throw Failed("sync");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = Close(_descriptor);
    }

    private IOException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"cannot {what} the directory {_path}", new Win32Exception(error, Marshal.GetPInvokeErrorMessage(error)));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// What .NET has no call for: whose a file is, and a directory's entries made durable. The superuser who changes an account must not
/// take the file away from the user that the server runs as.
/// </summary>
public static unsafe partial class FileOwner
{
    // statx(2): unlike stat's, its structure is the same on every architecture. stx_uid and stx_gid stand at these offsets.
    private const int StatLength = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;
    private const uint UserAndGroup = 0x08 | 0x10;
    private const int WorkingDirectory = -100;
    private const int ReadOnly = 0;

    /// <summary>
    /// Gives an open file to the user and the group that another path belongs to. Only the superuser can, and needs to; for others, and
    /// off Linux, nothing happens.
    /// </summary>
    /// <exception cref="IOException">It cannot be given away.</exception>
    public static void GiveToOwnerOf(SafeFileHandle file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;

        var stat = stackalloc byte[StatLength];
        if (Statx(WorkingDirectory, path, 0, UserAndGroup, stat) != 0)
            throw Failed($"the owner of {path} cannot be found");
        // By the open file, never by its name: whoever owns the directory could have put another in its place.
        if (FChown(file, *(uint*)(stat + UserOffset), *(uint*)(stat + GroupOffset)) != 0)
            throw Failed($"a file cannot be given to the owner of {path}");
    }

    /// <summary>Blocks until a directory's entries are on the disk.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    internal static void SyncDirectory(string directory)
    {
        // NTFS journals names itself, and there is no call for it.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(directory, ReadOnly, 0);
        if (descriptor < 0)
            throw Failed($"the directory {directory} cannot be opened");
        try
        {
            if (FSync(descriptor) != 0)
                throw Failed($"the directory {directory} cannot be synced");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string what)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* stat);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

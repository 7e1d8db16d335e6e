using System.Runtime.InteropServices;

namespace Pillarbox.Delivery.Capture;

/// <summary>Makes a file's name durable, not only its octets: POSIX has a new name survive a power cut once its directory is synced.</summary>
internal static partial class DirectorySync
{
    /// <exception cref="IOException">The directory cannot be synced.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(directory, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open {directory}: error {Marshal.GetLastPInvokeError()}");
        try
        {
            if (Fsync(descriptor) != 0)
                throw new IOException($"cannot sync {directory}: error {Marshal.GetLastPInvokeError()}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

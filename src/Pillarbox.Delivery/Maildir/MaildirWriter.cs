using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pillarbox.Queue;
using Pillarbox.Queue.Bodies;

namespace Pillarbox.Delivery.Maildir;

/// <summary>
/// Puts a message into a Maildir so that it is there whole and for good, or not at all: written and synced under <c>tmp</c>, renamed
/// into <c>new</c>, the directory synced. Blocks on the disk: runs on <see cref="FileThreads"/>.
/// </summary>
internal sealed class MaildirWriter(string hostname, TimeProvider time)
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int BlockSize = 64 << 10;

    // A name has neither / nor : in it, by the format's own rules.
    private readonly string _host = hostname.Replace("/", "\\057", StringComparison.Ordinal).Replace(":", "\\072", StringComparison.Ordinal);
    private int _count;

    /// <summary>Delivers. When it returns, the message is durable.</summary>
    /// <exception cref="IOException">It cannot be written; nothing of it is left.</exception>
    public async Task WriteAsync(string maildir, Envelope envelope, MessageBody body, CancellationToken cancellationToken)
    {
        CreateDurably(maildir);
        foreach (var name in (ReadOnlySpan<string>)["tmp", "new", "cur"])
            CreateDurably(Path.Combine(maildir, name));

        var unique = UniqueName();
        var temporary = Path.Combine(maildir, "tmp", unique);
        try
        {
            using (var file = Create(temporary))
            {
                await WriteContentAsync(file, envelope, body, cancellationToken);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, Path.Combine(maildir, "new", unique), overwrite: false);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        using var directory = new DirectorySync(Path.Combine(maildir, "new"));
        directory.Sync();
    }

    private static SafeFileHandle Create(string path)
    {
        var file = File.OpenHandle(path, System.IO.FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, FileMode);
        return file;
    }

    private static async Task WriteContentAsync(SafeFileHandle file, Envelope envelope, MessageBody body, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            // Binary content has no lines of which to change the ends (RFC 3030 §3): such a message keeps its CRLFs, in its header too.
            var lines = new LineFeeds(file, asIs: envelope.Traits.HasFlag(MessageTraits.Binary));
            lines.Write(Encoding.UTF8.GetBytes($"Return-Path: <{envelope.Sender?.Text}>\r\n"));
            lines.Write(envelope.Prologue.Span);
            long offset = 0;
            while (await body.ReadAsync(offset, block, cancellationToken) is > 0 and var count)
            {
                lines.Write(block.AsSpan(0, count));
                offset += count;
            }

            lines.End();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // Seconds, then microseconds, process and a counter: unique among all that write here, as the Maildir specification asks.
    private string UniqueName()
    {
        var now = time.GetUtcNow();
        var micros = now.Ticks / TimeSpan.TicksPerMicrosecond % 1_000_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{now.ToUnixTimeSeconds()}.M{micros:D6}P{Environment.ProcessId}Q{Interlocked.Increment(ref _count)}.{_host}");
    }

    // A directory is durable when its name in its parent is.
    private static void CreateDurably(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null)
            CreateDurably(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, DirectoryMode);
        if (parent is null)
            return;
        using var directory = new DirectorySync(parent);
        directory.Sync();
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Capture;

/// <summary>
/// Keeps captured messages on disk, each with its octets as received, up to a bound; past it the oldest go. What
/// <see cref="AddAsync"/>, <see cref="DeleteAsync"/> and <see cref="ClearAsync"/> have returned from survives a power cut: those who come at the same time share one
/// write and one sync (docs/decisions/0040). Thread-safe; no method blocks its caller's thread.
/// </summary>
public sealed class CaptureStore : IAsyncDisposable
{
    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly CaptureIndex _index = new();
    private readonly Channel<CaptureRequest> _requests = Channel.CreateBounded<CaptureRequest>(
        new BoundedChannelOptions(CaptureWriter.MaxBatch * 4) { SingleReader = true });

    private readonly Task _recovered;
    private readonly Task _writing;

    /// <summary>Begins to read back what is on disk; every method waits for that.</summary>
    public CaptureStore(CaptureOptions options, ILogger<CaptureStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _directory = options.Directory;
        var recovery = new CaptureRecovery(options.Directory, _index, logger);
        _recovered = Task.Run(recovery.Load);
        _writing = Task.Run(async () =>
        {
            await _recovered;
            using var writer = new CaptureWriter(options, _gate, _index, recovery, logger);
            await writer.RunAsync(_requests.Reader);
        });
    }

    /// <summary>Keeps a message. One that is kept already, by its id, is left as it is.</summary>
    /// <param name="envelope">The message's envelope; its prologue goes ahead of the body.</param>
    /// <param name="body">Its body, which stays the caller's and is read until this returns.</param>
    /// <param name="cancellationToken">Gives up while the message waits its turn; once it is being written, it is written.</param>
    /// <exception cref="IOException">The message cannot be kept now, and nothing is left of it.</exception>
    public Task AddAsync(Envelope envelope, MessageBody body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(body);
        return SubmitAsync(new CaptureRequest(CaptureKind.Message, envelope.Id, envelope, body, cancellationToken), cancellationToken);
    }

    /// <summary>Messages kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _index.Count;
        }
    }

    /// <summary>The newest messages first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="before">The message after which the list goes on; none such gives an empty list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CapturedMessage>> ListAsync(int count, QueueId? before = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        await _recovered.WaitAsync(cancellationToken);
        List<CaptureEntry> entries;
        lock (_gate)
            entries = _index.Newest(count, before);

        var messages = new List<CapturedMessage>(entries.Count);
        foreach (var segment in entries.GroupBy(entry => entry.Segment))
        {
            using var file = TryOpen(segment.Key);
            foreach (var entry in segment)
            {
                if (file is not null && await TryReadMetaAsync(file, entry, cancellationToken) is { } message)
                    messages.Add(message);
            }
        }

        return messages;
    }

    /// <summary>The message of that id, or <see langword="null"/>.</summary>
    public async Task<CapturedMessage?> FindAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        if (await TryEntryAsync(id, cancellationToken) is not { } entry)
            return null;
        using var file = TryOpen(entry.Segment);
        return file is null ? null : await TryReadMetaAsync(file, entry, cancellationToken);
    }

    /// <summary>The message's octets, or <see langword="null"/> where it is gone. The caller disposes of the stream.</summary>
    public async Task<Stream?> OpenRawAsync(QueueId id, CancellationToken cancellationToken = default) =>
        await TryEntryAsync(id, cancellationToken) is { } entry && TryOpen(entry.Segment) is { } file
            ? new CapturedStream(file, entry.RawOffset, entry.RawLength)
            : null;

    /// <summary>Forgets a message. Its octets leave the disk with the file they are in.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public Task<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default) =>
        SubmitAsync(new CaptureRequest(CaptureKind.Deleted, id, null, null, cancellationToken), cancellationToken);

    /// <summary>Forgets all messages; their octets leave the disk at once.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public Task ClearAsync(CancellationToken cancellationToken = default) =>
        SubmitAsync(new CaptureRequest(CaptureKind.Cleared, default, null, null, cancellationToken), cancellationToken);

    /// <summary>Finishes what is under way and lets go of the files.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await ((Task)_writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> SubmitAsync(CaptureRequest request, CancellationToken cancellationToken)
    {
        await _recovered.WaitAsync(cancellationToken);
        try
        {
            await _requests.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new IOException("the capture is closed", e);
        }

        return await request.Done.Task;
    }

    private async Task<CaptureEntry?> TryEntryAsync(QueueId id, CancellationToken cancellationToken)
    {
        await _recovered.WaitAsync(cancellationToken);
        lock (_gate)
            return _index.TryGet(id, out var entry) ? entry : null;
    }

    // A message may be dropped, and its file with it, between a look at the index and this: then it is gone.
    private static SafeFileHandle? TryOpen(CaptureSegment segment)
    {
        try
        {
            return File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task<CapturedMessage?> TryReadMetaAsync(SafeFileHandle file, CaptureEntry entry, CancellationToken cancellationToken)
    {
        var meta = new byte[entry.MetaLength];
        for (var filled = 0; filled < meta.Length;)
        {
            var read = await RandomAccess.ReadAsync(file, meta.AsMemory(filled), entry.MetaOffset + filled, cancellationToken);
            if (read == 0)
                return null;
            filled += read;
        }

        return CaptureMeta.FromBytes(meta).ToMessage(entry.Id, entry.RawLength);
    }
}

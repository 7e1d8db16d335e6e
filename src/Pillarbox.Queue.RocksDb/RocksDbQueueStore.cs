using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pillarbox.Queue.Bodies;

namespace Pillarbox.Queue.RocksDb;

/// <summary>
/// The embedded store. Envelopes, small bodies and recipients' standings lie in RocksDB, large bodies in files beside it.
/// What awaits <see cref="AcceptAsync"/>, <see cref="RecordAsync"/>, <see cref="DeleteAsync"/> and a body's flush goes on on a thread of the
/// store, not on the thread pool, so it must not block.
/// </summary>
public sealed class RocksDbQueueStore : IQueueStore
{
    private const int ChunkSize = 256;

    private readonly DirectoryLock _lock;
    private readonly BodySpool _spool;
    private readonly FreeSpace _space;
    private readonly Database _database;
    private readonly Committer _committer;
    private readonly QueueIdSource _ids;
    private readonly ILogger _log;
    private int _disposed;

    private RocksDbQueueStore(DirectoryLock directoryLock, BodySpool spool, FreeSpace space, Database database, SyncedWrite write, int maxPending,
        TimeProvider time, ILogger log)
    {
        _lock = directoryLock;
        _spool = spool;
        _space = space;
        _database = database;
        _log = log;
        _ids = new QueueIdSource(time);
        _ids.Observe(database.HighestId());
        _committer = new Committer(database, write, maxPending, log);
    }

    /// <summary>
    /// Opens the store in a directory, or makes one there. Blocks while what a crash left in the log is read. Bodies that belong to no message are deleted.
    /// </summary>
    /// <exception cref="IOException">The directory is in use by another server, or cannot be read or written.</exception>
    public static RocksDbQueueStore Open(RocksDbQueueOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null) =>
        Open(options, time, loggers, wrap: null);

    /// <inheritdoc cref="Open(RocksDbQueueOptions, TimeProvider?, ILoggerFactory?)"/>
    /// <param name="options">Where, and how much.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="wrap">Puts a test's disk between the store and the real one.</param>
    internal static RocksDbQueueStore Open(RocksDbQueueOptions options, TimeProvider? time, ILoggerFactory? loggers, Func<SyncedWrite, SyncedWrite>? wrap)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        var log = (loggers ?? NullLoggerFactory.Instance).CreateLogger<RocksDbQueueStore>();

        // What is open so far is closed again, in reverse, when a later step fails.
        Stack<IDisposable> open = new();
        try
        {
            DurableDirectory.Create(options.Directory);
            var directoryLock = Opened(DirectoryLock.Take(options.Directory));
            var space = new FreeSpace(options.Directory, options.MinimumFreeSpace, time);
            var spool = Opened(new BodySpool(Path.Combine(options.Directory, "bodies"), space));
            var database = Opened(new Database(options, Path.Combine(options.Directory, "store")));
            if (spool.Sweep(database.Has) is var swept and > 0)
                QueueLog.Swept(log, swept);
            SyncedWrite write = database.WriteSynced;
            return new RocksDbQueueStore(directoryLock, spool, space, database, wrap?.Invoke(write) ?? write, options.MaxPending, time, log);
        }
        catch
        {
            while (open.TryPop(out var part))
                part.Dispose();
            throw;
        }

        T Opened<T>(T part)
            where T : IDisposable
        {
            open.Push(part);
            return part;
        }
    }

    /// <inheritdoc/>
    public QueueId NextId() => _ids.Next();

    /// <inheritdoc/>
    public BodyWriter BeginBody(QueueId id) => new SpooledBodyWriter(_spool, id);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
    {
        var spooled = (SpooledBodyWriter)body;
        try
        {
            _space.Demand();

            // 1. A large body first: its octets synced, then its name. (A small one goes with the envelope.)
            await spooled.SealAsync(cancellationToken);

            // 2. The envelope makes the message real: one batch, one synced write for all who come now (Committer.CommitGroup).
            await _committer.WaitForPlaceAsync(cancellationToken);
            await _committer.Enqueue(Commit.Accept(envelope, spooled.InFile, spooled.InFile ? default : spooled.Buffered));

            // 3. It survives anything from here on, and the 250 may go out.
            return spooled.ToBody();
        }
        catch (FailedWriteException)
        {
            // The envelope may be on the disk all the same. Then the body must be too; else the next start sweeps it.
            spooled.Leave();
            throw;
        }
        catch
        {
            await spooled.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RecordAsync(
        QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await _committer.WaitForPlaceAsync(cancellationToken);
        var outcome = await _committer.Enqueue(Commit.Record(id, changes, report));
        if (outcome.BodyFileLeft)
            await DeleteBodyAsync(id);
        return outcome.Answer;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        await _committer.WaitForPlaceAsync(cancellationToken);
        var outcome = await _committer.Enqueue(Commit.Delete(id));
        if (outcome.BodyFileLeft)
            await DeleteBodyAsync(id);
        return outcome.Answer;
    }

    /// <inheritdoc/>
    public async ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default) =>
        await Task.Run(() => _database.ReadMessage(id)?.Message, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default) =>
        await Task.Run(() => OpenBody(id), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var highest = await Task.Run(_database.HighestId, cancellationToken);
        var step = 1UL;
        while (from <= highest)
        {
            var start = from;
            var chunk = await Task.Run(() => ReadChunk(start), cancellationToken);
            foreach (var record in chunk.Unreadable)
                await SetAsideAsync(record, cancellationToken);
            foreach (var stored in chunk.Messages)
                yield return stored.Message;

            if (chunk.Messages is [.., var last])
                (from, step) = (new QueueId(last.Message.Envelope.Id.Value + 1), 1);
            if (chunk.Damage is { } damage)
            {
                // Which ids lie in the damaged part of a table is not known: ever longer steps lead past it.
                QueueLog.PassedOver(_log, from, step, damage);
                from = new QueueId(checked(from.Value + step));
                step *= 2;
            }
            else if (chunk.Messages.Count < ChunkSize)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        // The caller may be on the completion thread, which ends here.
        await Task.Run(() =>
        {
            _committer.Dispose();
            if (!_committer.Failed)
                FlushForTheNextStart();
            _database.Dispose();
            _spool.Dispose();
            _lock.Dispose();
        });
    }

    private void FlushForTheNextStart()
    {
        try
        {
            _database.Flush();
        }
        catch (IOException e)
        {
            // Nothing is lost: the log holds it all, and the next start reads the log.
            QueueLog.NotFlushed(_log, e);
        }
    }

    private Chunk ReadChunk(QueueId from)
    {
        List<UnreadableRecord> unreadable = [];
        try
        {
            return new(_database.ReadMessages(from, ChunkSize, unreadable), unreadable, null);
        }
        catch (DamagedTableException damage)
        {
            return new(damage.Before, unreadable, damage);
        }
    }

    private MessageBody? OpenBody(QueueId id)
    {
        if (_database.ReadMessage(id) is not { } stored)
            return null;
        if (!stored.BodyInFile)
        {
            // Deleted between the two reads, or lost: the first is an answer, the second a fault.
            if (_database.ReadBody(id) is { } octets)
                return new MemoryBody(octets, octets.Length, pooled: false);
        }
        else if (_spool.TryOpen(id) is { } file)
        {
            return new FileBody(file, stored.Message.Envelope.BodySize);
        }

        return _database.Has(id) ? throw new IOException($"the body of {id} is missing from the queue") : null;
    }

    private async ValueTask SetAsideAsync(UnreadableRecord record, CancellationToken cancellationToken)
    {
        QueueLog.SetAside(_log, Keys.IdOf(record.Key), Convert.ToHexString(record.Key), record.Fault);
        await _committer.WaitForPlaceAsync(cancellationToken);
        await _committer.Enqueue(Commit.SetAside(record.Key, record.Value));
    }

    private async ValueTask DeleteBodyAsync(QueueId id)
    {
        try
        {
            // Unlinking a large file takes its time: not on the completion thread.
            await _spool.Disk.RunAsync(() => _spool.Delete(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message is gone for good; only its octets are left, and the next start sweeps them.
            QueueLog.BodyNotDeleted(_log, id, e);
        }
    }

    private sealed record Chunk(IReadOnlyList<StoredMessage> Messages, List<UnreadableRecord> Unreadable, DamagedTableException? Damage);
}

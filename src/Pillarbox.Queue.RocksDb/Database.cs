using Pillarbox.Queue.Bodies;
using Pillarbox.Queue.Records;
using RocksDbSharp;

namespace Pillarbox.Queue.RocksDb;

/// <summary>A message and where its body lies.</summary>
internal readonly record struct StoredMessage(QueuedMessage Message, bool BodyInFile);

/// <summary>A record that could not be read, as it lies there.</summary>
internal readonly record struct UnreadableRecord(byte[] Key, byte[] Value, CorruptRecordException Fault);

/// <summary>A part of a table cannot be read.</summary>
internal sealed class DamagedTableException(IReadOnlyList<StoredMessage> before, Exception cause)
    : IOException($"the queue cannot be read: {cause.Message}", cause)
{
    /// <summary>What was read before the damage.</summary>
    public IReadOnlyList<StoredMessage> Before => before;
}

/// <summary>The RocksDB database: how it is set up, and reading from it. All methods may block on the disk.</summary>
internal sealed class Database : IDisposable
{
    private readonly RocksDbSharp.RocksDb _db;
    private readonly WriteOptions _synced = new WriteOptions().SetSync(true);

    // The wrapped library frees what a handle names at Dispose, whoever is still reading.
    private readonly ReaderWriterLockSlim _open = new();
    private bool _disposed;

    public Database(RocksDbQueueOptions options, string path)
    {
        DurableDirectory.Create(path);
        var table = new BlockBasedTableOptions().SetBlockCache(Cache.CreateLru((ulong)options.BlockCacheSize));
        var settings = new DbOptions()
            .SetCreateIfMissing(true)
            // A torn end of the log is what a power cut leaves, and was never acknowledged: recovery stops there, and start-up goes on.
            .SetWalRecoveryMode(Recovery.PointInTime)
            // Only one thread writes.
            .SetAllowConcurrentMemtableWrite(false)
            .SetEnableWriteThreadAdaptiveYield(false)
            .SetWriteBufferSize((ulong)options.WriteBufferSize)
            .SetMaxWriteBufferNumber(4)
            // Two buffers are merged before they go to a table: a message and its end meet in memory and cancel each other.
            .SetMinWriteBufferNumberToMerge(2)
            .SetCompression(Compression.No)
            .SetBlockBasedTableFactory(table)
            .SetKeepLogFileNum(4)
            .SetMaxLogFileSize(1024 * 1024)
            .SetInfoLogLevel(InfoLogLevel.Warn)
            .SetStatsDumpPeriodSec(0);
        try
        {
            _db = RocksDbSharp.RocksDb.Open(settings, path);
        }
        catch (RocksDbException e)
        {
            throw new IOException($"the queue in {path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Writes a batch; on return it is on the disk.</summary>
    /// <exception cref="RocksDbException">It may not be.</exception>
    public void WriteSynced(WriteBatch batch) => _db.Write(batch, _synced);

    /// <summary>Writes the buffers to a table, so that the next start has no log to read.</summary>
    /// <exception cref="IOException">They stay in the log alone.</exception>
    public void Flush()
    {
        try
        {
            _db.Flush(new FlushOptions().SetWaitForFlush(true));
        }
        catch (RocksDbException e)
        {
            throw new IOException($"the queue cannot be written: {e.Message}", e);
        }
    }

    /// <summary>The highest id that was ever accepted, as far as is known.</summary>
    public QueueId HighestId() => Read(db =>
    {
        var highest = db.Get([Keys.HighestId]) is { Length: 8 } kept ? Keys.IdOf([Keys.HighestId, .. kept]) : default;
        using var envelopes = db.NewIterator();
        envelopes.SeekForPrev([Keys.Envelope, 255, 255, 255, 255, 255, 255, 255, 255]);
        if (envelopes.Valid() && envelopes.GetKeySpan() is { Length: Keys.Length } key && key[0] == Keys.Envelope && Keys.IdOf(key) > highest)
            highest = Keys.IdOf(key);
        return highest;
    });

    /// <summary>Whether a message, or what is left of one that cannot be read, has this id.</summary>
    public bool Has(QueueId id) => Read(db =>
    {
        Span<byte> key = stackalloc byte[1 + Keys.Length];
        key[0] = Keys.SetAside;
        Keys.Message(key[1..], Keys.Envelope, id);
        return db.HasKey(key[1..]) || db.HasKey(key);
    });

    /// <summary>A small body.</summary>
    public byte[]? ReadBody(QueueId id) => Read(db =>
    {
        Span<byte> key = stackalloc byte[Keys.Length];
        return db.Get(Keys.Message(key, Keys.Body, id));
    });

    /// <summary>One message, or <see langword="null"/>.</summary>
    /// <exception cref="CorruptRecordException">Its envelope cannot be read.</exception>
    public StoredMessage? ReadMessage(QueueId id)
    {
        List<UnreadableRecord> unreadable = [];
        var found = ReadMessages(id, 1, unreadable);
        if (unreadable.FirstOrDefault(record => record.Key[0] == Keys.Envelope && Keys.IdOf(record.Key) == id) is { Fault: { } fault })
            throw fault;
        return found is [var message] && message.Message.Envelope.Id == id ? message : null;
    }

    /// <summary>Messages in the order of ids, as they stood at one moment.</summary>
    /// <param name="from">The first id.</param>
    /// <param name="count">How many at most; fewer only at the end.</param>
    /// <param name="unreadable">Takes what could not be read; a recipient without a readable standing counts as not tried yet.</param>
    /// <exception cref="DamagedTableException">A part of a table cannot be read; the exception has what came before it.</exception>
    public List<StoredMessage> ReadMessages(QueueId from, int count, List<UnreadableRecord> unreadable) => Read(db =>
    {
        List<StoredMessage> messages = [];
        try
        {
            using var snapshot = db.CreateSnapshot();
            using var scan = new MessageScan(db, snapshot, from, unreadable);
            while (messages.Count < count && scan.TryNext(out var message))
                messages.Add(message);
            return messages;
        }
        catch (RocksDbException e)
        {
            throw new DamagedTableException(messages, e);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.EnterWriteLock();
        _disposed = true;
        _db.Dispose();
        _open.ExitWriteLock();
    }

    private T Read<T>(Func<RocksDbSharp.RocksDb, T> read)
    {
        _open.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return read(_db);
        }
        catch (RocksDbException e)
        {
            throw new IOException($"the queue cannot be read: {e.Message}", e);
        }
        finally
        {
            _open.ExitReadLock();
        }
    }
}

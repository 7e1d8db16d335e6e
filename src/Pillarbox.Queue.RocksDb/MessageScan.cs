using System.Collections.Immutable;
using Pillarbox.Queue.Records;
using RocksDbSharp;

namespace Pillarbox.Queue.RocksDb;

/// <summary>Walks envelopes and recipients' standings side by side, in the order of ids.</summary>
internal sealed class MessageScan : IDisposable
{
    private readonly List<UnreadableRecord> _unreadable;
    private readonly ReadOptions _options;
    private readonly Iterator _envelopes;
    private readonly Iterator _recipients;

    public MessageScan(RocksDbSharp.RocksDb db, Snapshot snapshot, QueueId from, List<UnreadableRecord> unreadable)
    {
        _unreadable = unreadable;
        _options = new ReadOptions().SetSnapshot(snapshot).SetFillCache(false);
        _envelopes = Start(db, _options, Keys.Envelope, from);
        _recipients = Start(db, _options, Keys.Recipient, from);
    }

    /// <summary>The next message that can be read.</summary>
    /// <returns>False at the end.</returns>
    public bool TryNext(out StoredMessage message)
    {
        for (; IsAt(_envelopes, Keys.Envelope); _envelopes.Next())
        {
            var key = _envelopes.Key();
            var value = _envelopes.Value();
            try
            {
                var (envelope, bodyInFile) = EnvelopeRecord.Read(value);
                if (envelope.Id != Keys.IdOf(key))
                    throw new CorruptRecordException($"the envelope of {envelope.Id} under the key of {Keys.IdOf(key)}");
                message = new(new QueuedMessage(envelope, ReadStandings(envelope)), bodyInFile);
                _envelopes.Next();
                return true;
            }
            catch (CorruptRecordException fault)
            {
                _unreadable.Add(new(key, value, fault));
            }
        }

        message = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _envelopes.Dispose();
        _recipients.Dispose();
        GC.KeepAlive(_options);
    }

    private static Iterator Start(RocksDbSharp.RocksDb db, ReadOptions options, byte kind, QueueId from)
    {
        Span<byte> key = stackalloc byte[Keys.Length];
        return db.NewIterator(readOptions: options).Seek(Keys.Message(key, kind, from));
    }

    private static bool IsAt(Iterator iterator, byte kind)
    {
        if (iterator.Valid())
            return iterator.GetKeySpan() is { Length: >= Keys.Length } key && key[0] == kind;
        Native.Instance.rocksdb_iter_get_error(iterator.Handle);
        return false;
    }

    private ImmutableArray<RecipientStatus?> ReadStandings(Envelope envelope)
    {
        var standings = Enumerable.Repeat<RecipientStatus?>(RecipientStatus.First(envelope), envelope.Recipients.Length).ToArray();
        for (; IsAt(_recipients, Keys.Recipient); _recipients.Next())
        {
            var key = _recipients.GetKeySpan();
            if (Keys.IdOf(key) > envelope.Id)
                break;
            if (Keys.IdOf(key) < envelope.Id)
                continue;

            var value = _recipients.Value();
            try
            {
                if (key.Length != Keys.RecipientLength || (uint)Keys.RecipientOf(key) >= (uint)standings.Length)
                    throw new CorruptRecordException($"a standing of a recipient that {envelope.Id} does not have");
                standings[Keys.RecipientOf(key)] = StatusRecord.Read(value);
            }
            catch (CorruptRecordException fault)
            {
                _unreadable.Add(new(key.ToArray(), value, fault));
            }
        }

        return [.. standings];
    }
}

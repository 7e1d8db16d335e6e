using System.Buffers;
using System.Buffers.Binary;
using Pillarbox.Queue.Records;
using RocksDbSharp;

namespace Pillarbox.Queue.RocksDb;

/// <summary>
/// Turns operations into the puts and deletions of one batch. Used by the committing thread alone. It notes their effects at once:
/// were the batch not written, nothing after it would be either (see <see cref="Committer"/>).
/// </summary>
internal sealed class BatchBuilder(Database database) : IDisposable
{
    // What is remembered beyond this is forgotten and read again when it is asked for: a queue of millions must not fill the memory.
    private const int MaxRemembered = 100_000;

    private readonly WriteBatch _batch = new();
    private readonly Dictionary<QueueId, Standing> _standings = [];
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly byte[] _key = new byte[Keys.RecipientLength];
    private QueueId _highest = database.HighestId();
    private bool _highestRose;

    /// <summary>The batch, complete.</summary>
    public WriteBatch Complete()
    {
        if (_highestRose)
        {
            Span<byte> value = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(value, _highest.Value);
            _batch.Put([Keys.HighestId], value);
            _highestRose = false;
        }

        return _batch;
    }

    /// <summary>Messages added and removed since <see cref="Clear"/>.</summary>
    public (int Added, int Removed) Counts { get; private set; }

    /// <summary>Whether there is anything to write.</summary>
    public bool IsEmpty => _batch.Count() == 0;

    /// <summary>Starts the next batch.</summary>
    public void Clear()
    {
        _batch.Clear();
        Counts = default;
        if (_standings.Count > MaxRemembered)
            _standings.Clear();
    }

    /// <summary>Adds an operation to the batch. One that throws has added nothing.</summary>
    /// <returns>The operation's result.</returns>
    public CommitOutcome Add(Commit commit)
    {
        switch (commit.Kind)
        {
            case CommitKind.Accept:
                Put(commit);
                return new(true);
            case CommitKind.Record:
                return Record(commit);
            case CommitKind.Delete:
                return Find(commit.Id) is { } standing ? Remove(commit.Id, standing) : new(false);
            default:
                _batch.Put([Keys.SetAside, .. commit.Key], commit.Value.AsSpan());
                if (commit.Key[0] == Keys.Recipient)
                    _batch.Delete(commit.Key);
                else
                    DeleteOnce(commit.Key);
                _standings.Remove(commit.Id);
                return new(true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();

    private CommitOutcome Record(Commit commit)
    {
        if (Find(commit.Id) is not { } standing)
            return new(true);
        foreach (var change in commit.Changes)
        {
            if ((uint)change.Recipient >= (uint)standing.Recipients)
                throw new ArgumentException($"{commit.Id} has no recipient {change.Recipient}");
        }

        if (commit.Message is not null)
            Put(commit);
        foreach (var change in commit.Changes)
        {
            if (change.Status is null)
                standing.SetDone(change.Recipient);
        }

        if (standing.AllDone)
            return Remove(commit.Id, standing);

        foreach (var change in commit.Changes)
        {
            // Done is final: a late delta does not wake a recipient.
            if (change.Status is not null && standing.IsDone(change.Recipient))
                continue;
            _scratch.ResetWrittenCount();
            StatusRecord.Write(change.Status, _scratch);
            _batch.Put(Keys.OfRecipient(_key, commit.Id, change.Recipient), _scratch.WrittenSpan);
            standing.SetRecorded(change.Recipient);
        }

        return new(false);
    }

    private void Put(Commit commit)
    {
        var envelope = commit.Message!;
        if (!commit.BodyInFile)
            _batch.Put(Keys.Message(_key, Keys.Body, envelope.Id), commit.Body.Span);
        _batch.Put(Keys.Message(_key, Keys.Envelope, envelope.Id), commit.EnvelopeRecord.Span);
        _standings[envelope.Id] = new Standing(envelope.Recipients.Length, commit.BodyInFile);
        if (envelope.Id > _highest)
        {
            _highest = envelope.Id;
            _highestRose = true;
        }

        Counts = (Counts.Added + 1, Counts.Removed);
    }

    private CommitOutcome Remove(QueueId id, Standing standing)
    {
        DeleteOnce(Keys.Message(_key, Keys.Envelope, id));
        if (!standing.BodyInFile)
            DeleteOnce(Keys.Message(_key, Keys.Body, id));
        for (var i = 0; i < standing.Recipients; i++)
        {
            if (standing.HasRecord(i))
                _batch.Delete(Keys.OfRecipient(_key, id, i));
        }

        _standings.Remove(id);
        Counts = (Counts.Added, Counts.Removed + 1);
        return new(true, standing.BodyInFile);
    }

    private Standing? Find(QueueId id)
    {
        if (_standings.TryGetValue(id, out var standing))
            return standing;
        if (database.ReadMessage(id) is not { } stored)
            return null;
        return _standings[id] = Standing.Of(stored);
    }

    // A key that was put once and is deleted once: put and deletion cancel each other wherever they meet, and no tombstone
    // goes down to the last level. Recipients' standings are put again and again, and take an ordinary deletion.
    private unsafe void DeleteOnce(ReadOnlySpan<byte> key)
    {
        fixed (byte* octets = key)
            Native.Instance.rocksdb_writebatch_singledelete(_batch.Handle, octets, (nuint)key.Length);
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using Pillarbox.Queue.Threads;

namespace Pillarbox.Queue.RocksDb;

/// <summary>What a commit does.</summary>
internal enum CommitKind
{
    /// <summary>Adds <see cref="Commit.Message"/>.</summary>
    Accept,

    /// <summary>Records <see cref="Commit.Changes"/> to message <see cref="Commit.Id"/>, and adds <see cref="Commit.Message"/> if there is one.</summary>
    Record,

    /// <summary>Deletes message <see cref="Commit.Id"/>.</summary>
    Delete,

    /// <summary>Moves the record <see cref="Commit.Key"/>, which cannot be read, out of the way.</summary>
    SetAside,
}

/// <summary>What a commit came to.</summary>
/// <param name="Answer">What the caller asked: accepted, gone, found.</param>
/// <param name="BodyFileLeft">Whether the message is gone and its body's file is still to be deleted.</param>
internal readonly record struct CommitOutcome(bool Answer, bool BodyFileLeft = false);

/// <summary>One operation on its way through the committing thread. Used again and again; <see cref="Rent"/> gives one.</summary>
internal sealed class Commit : Completion<CommitOutcome>
{
    private const int MaxKept = 1024;
    private const int MaxKeptBuffer = 16 * 1024;

    private static readonly ConcurrentQueue<Commit> Free = new();

    private ArrayBufferWriter<byte> _record = new(512);

    /// <summary>What to do.</summary>
    public CommitKind Kind { get; private set; }

    /// <summary>The message it is about.</summary>
    public QueueId Id { get; private set; }

    /// <summary>What changed, of a <see cref="CommitKind.Record"/>.</summary>
    public IReadOnlyList<RecipientChange> Changes { get; private set; } = [];

    /// <summary>The message to be added, or <see langword="null"/>.</summary>
    public Envelope? Message { get; private set; }

    /// <summary>Whether the added message's body has a file of its own.</summary>
    public bool BodyInFile { get; private set; }

    /// <summary>The added message's small body.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>The added message's envelope, as it goes into the store.</summary>
    public ReadOnlyMemory<byte> EnvelopeRecord => _record.WrittenMemory;

    /// <summary>The key of a <see cref="CommitKind.SetAside"/>.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>The record of a <see cref="CommitKind.SetAside"/>.</summary>
    public byte[] Value { get; private set; } = [];

    /// <summary>Octets that it adds to a batch, about.</summary>
    public int Size => _record.WrittenCount + Body.Length + Value.Length + 128 + 64 * Changes.Count;

    /// <summary>A message is to be added.</summary>
    public static Commit Accept(Envelope envelope, bool bodyInFile, ReadOnlyMemory<byte> body)
    {
        var commit = Rent(CommitKind.Accept, envelope.Id);
        commit.Add(envelope, bodyInFile, body);
        return commit;
    }

    /// <summary>Outcomes are to be recorded.</summary>
    public static Commit Record(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report)
    {
        var commit = Rent(CommitKind.Record, id);
        commit.Changes = changes;
        if (report is not null)
            commit.Add(report.Envelope, bodyInFile: false, report.Body);
        return commit;
    }

    /// <summary>A message is to be deleted.</summary>
    public static Commit Delete(QueueId id) => Rent(CommitKind.Delete, id);

    /// <summary>A record is to be moved out of the way.</summary>
    public static Commit SetAside(byte[] key, byte[] value)
    {
        var commit = Rent(CommitKind.SetAside, Keys.IdOf(key));
        commit.Key = key;
        commit.Value = value;
        return commit;
    }

    /// <inheritdoc/>
    protected override void Recycle()
    {
        Changes = [];
        Message = null;
        Body = default;
        Key = Value = [];
        _record.ResetWrittenCount();
        if (_record.Capacity > MaxKeptBuffer)
            _record = new(512);
        if (Free.Count < MaxKept)
            Free.Enqueue(this);
    }

    private static Commit Rent(CommitKind kind, QueueId id)
    {
        if (!Free.TryDequeue(out var commit))
            commit = new Commit();
        commit.Kind = kind;
        commit.Id = id;
        return commit;
    }

    private void Add(Envelope envelope, bool bodyInFile, ReadOnlyMemory<byte> body)
    {
        Message = envelope;
        BodyInFile = bodyInFile;
        Body = body;
        Records.EnvelopeRecord.Write(envelope, bodyInFile, _record);
    }
}

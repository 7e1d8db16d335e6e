namespace Pillarbox.Queue;

/// <summary>
/// The durable promise. What <see cref="AcceptAsync"/> and <see cref="RecordAsync"/> have returned from survives <c>kill -9</c> and a
/// power cut. Thread-safe. No method blocks its caller's thread, and continuations never run on the thread that commits.
/// Every implementation passes the one suite in <c>tests/Pillarbox.StoreContract</c>.
/// </summary>
public interface IQueueStore : IAsyncDisposable
{
    /// <summary>The next message's name.</summary>
    QueueId NextId();

    /// <summary>A place for the body of the message to be called <paramref name="id"/>.</summary>
    BodyWriter BeginBody(QueueId id);

    /// <summary>
    /// Makes a message durable: body first, then the envelope that makes it real, in one sync shared by all who come at the same time.
    /// On return the message survives anything. On an exception nothing is left of it, unless it was the sync that failed: then it may
    /// be there at the next start. <paramref name="body"/> is disposed of in either case.
    /// </summary>
    /// <returns>The body for reading, without going back to the disk where it is small; the caller disposes of it.</returns>
    /// <exception cref="StorageFullException">There is no room.</exception>
    /// <exception cref="IOException">The store cannot keep the message.</exception>
    ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records outcomes of a message's recipients, together with a report on them where there is one: both durable or neither.
    /// When its last recipient is done, the message is gone, body and all.
    /// </summary>
    /// <param name="id">The message; one that is not there (deleted meanwhile) is passed over, and its report with it.</param>
    /// <param name="changes">Changes of standing, at most one a recipient.</param>
    /// <param name="report">A new message to be accepted in the same commit (a bounce, a delay notice), or none.</param>
    /// <returns>Whether the message is gone.</returns>
    /// <exception cref="QueueStoppedException">Nothing more is recorded before the next start; the store says what it said before.</exception>
    ValueTask<bool> RecordAsync(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default);

    /// <summary>Deletes a message without a report, as the operator asked.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default);

    /// <summary>A message as it stands, or <see langword="null"/>.</summary>
    ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default);

    /// <summary>A message's body, or <see langword="null"/> when the message is gone. The caller disposes of it.</summary>
    ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default);

    /// <summary>Every message, in the order of ids. For the start and for listings; nothing on the way of a message scans.</summary>
    /// <param name="from">Where to begin: those with lower ids are not read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, CancellationToken cancellationToken = default);
}

/// <summary>A message that the server itself writes about another.</summary>
/// <param name="Envelope">Its envelope; <see cref="Envelope.Sender"/> is <see langword="null"/>.</param>
/// <param name="Body">Its body, small enough for memory.</param>
public sealed record Report(Envelope Envelope, ReadOnlyMemory<byte> Body);

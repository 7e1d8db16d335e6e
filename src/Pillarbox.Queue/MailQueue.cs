using System.Runtime.CompilerServices;

namespace Pillarbox.Queue;

/// <summary>Hears of each message as soon as it is durable. Called on the thread of whoever handed it in: must not block or throw.</summary>
public interface IQueueConsumer
{
    /// <summary>A message is in the store, due now or when it is released. The consumer owns <paramref name="body"/> and disposes of it.</summary>
    void Accepted(QueuedMessage message, MessageBody body);
}

/// <summary>
/// Where the sides meet: the server hands messages in, delivery takes them up, and neither knows the other.
/// </summary>
public sealed class MailQueue(IQueueStore store)
{
    private IQueueConsumer? _consumer;

    /// <summary>The store, for those who read or record.</summary>
    public IQueueStore Store { get; } = store;

    /// <summary>Names the one who takes messages up. Without one they stay in the store until the next start.</summary>
    public void Attach(IQueueConsumer consumer) => Volatile.Write(ref _consumer, consumer);

    /// <summary>Makes a message durable (<see cref="IQueueStore.AcceptAsync"/>), then lets delivery have it from memory.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
    {
        var kept = await Store.AcceptAsync(envelope, body, cancellationToken);

        // Durable from here on. What follows is a short cut past the disk; were it lost, the next start would find the message.
        if (Volatile.Read(ref _consumer) is { } consumer)
            consumer.Accepted(QueuedMessage.Fresh(envelope), kept);
        else
            kept.Dispose();
    }
}

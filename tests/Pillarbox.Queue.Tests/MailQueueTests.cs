using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Tests;

public sealed class MailQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consumer_hears_of_a_message_that_the_store_already_has()
    {
        await using var store = new MemoryQueueStore(TimeProvider.System);
        var queue = new MailQueue(store);
        var consumer = new Recording(store);
        queue.Attach(consumer);

        var envelope = await AcceptAsync(queue, "hello"u8.ToArray());

        var (message, body, wasStored) = Assert.Single(consumer.Heard);
        Assert.Equal(envelope.Id, message.Envelope.Id);
        Assert.Equal([RecipientStatus.Fresh, RecipientStatus.Fresh], message.Recipients);
        Assert.Equal("hello"u8.ToArray(), body);
        Assert.True(wasStored);
    }

    [Fact]
    public async Task Message_without_a_consumer_waits_in_the_store()
    {
        await using var store = new MemoryQueueStore(TimeProvider.System);
        var envelope = await AcceptAsync(new MailQueue(store), "hello"u8.ToArray());
        Assert.NotNull(await store.ReadAsync(envelope.Id, Token));
    }

    private static async Task<Envelope> AcceptAsync(MailQueue queue, byte[] octets)
    {
        var envelope = new Envelope
        {
            Id = queue.Store.NextId(),
            Sender = null,
            Recipients = [Mailbox.Parse("bob@example.net"), Mailbox.Parse("eve@example.net")],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = octets.Length,
        };
        var writer = queue.Store.BeginBody(envelope.Id);
        octets.CopyTo(writer.GetSpan(octets.Length));
        writer.Advance(octets.Length);
        await queue.AcceptAsync(envelope, writer, Token);
        return envelope;
    }

    private sealed class Recording(IQueueStore store) : IQueueConsumer
    {
        public List<(QueuedMessage Message, byte[] Body, bool WasStored)> Heard { get; } = [];

        public void Accepted(QueuedMessage message, MessageBody body)
        {
            // A store in memory answers at once.
            var stored = store.ReadAsync(message.Envelope.Id);
            Heard.Add((message, body.InMemory!.Value.ToArray(), stored is { IsCompletedSuccessfully: true, Result: not null }));
            body.Dispose();
        }
    }
}

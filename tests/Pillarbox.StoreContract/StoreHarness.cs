using System.Collections.Immutable;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Xunit;

namespace Pillarbox.Queue.StoreContract;

/// <summary>A store under test, and what its tests do with it.</summary>
public abstract class StoreHarness : IAsyncLifetime
{
    private IQueueStore? _store;

    protected IQueueStore Store => _store ?? throw new InvalidOperationException("not open yet");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync(TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store under test; for a durable one, the same at each call.</summary>
    protected abstract ValueTask<IQueueStore> OpenAsync(TimeProvider time);

    /// <summary>Takes away what the store left behind.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <summary>Names of bodies that lie in places of their own.</summary>
    protected abstract IReadOnlyCollection<string> BodiesInPlace();

    /// <summary>Closes the store and opens it again.</summary>
    protected async Task ReopenAsync(TimeProvider? time = null)
    {
        await Store.DisposeAsync();
        _store = null;
        _store = await OpenAsync(time ?? TimeProvider.System);
    }

    protected Envelope NewEnvelope(int recipients = 1, string token = "")
    {
        return new Envelope
        {
            Id = Store.NextId(),
            Sender = Mailbox.Parse("ann@example.org"),
            Recipients = [.. Enumerable.Range(0, recipients).Select(i => Mailbox.Parse($"bob{i}@example.net"))],
            Accepted = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
            BodySize = 0,
            Client = token,
        };
    }

    protected async Task<Envelope> AcceptAsync(ReadOnlyMemory<byte> octets, int recipients = 1, string token = "")
    {
        var envelope = NewEnvelope(recipients, token) with { BodySize = octets.Length };
        using var body = await AcceptAsync(envelope, octets);
        return envelope;
    }

    protected async Task<MessageBody> AcceptAsync(Envelope envelope, ReadOnlyMemory<byte> octets)
    {
        var writer = Store.BeginBody(envelope.Id);
        await WriteAsync(writer, octets);
        return await Store.AcceptAsync(envelope, writer, Token);
    }

    /// <summary>Writes in pieces, as they come from a client.</summary>
    protected static async Task WriteAsync(BodyWriter writer, ReadOnlyMemory<byte> octets)
    {
        const int Piece = 10_007;
        for (var at = 0; at < octets.Length; at += Piece)
        {
            var piece = octets[at..Math.Min(octets.Length, at + Piece)];
            piece.CopyTo(writer.GetMemory(piece.Length));
            writer.Advance(piece.Length);
            await writer.FlushAsync(Token);
        }
    }

    protected static byte[] Octets(int count, int seed = 1)
    {
        var octets = new byte[count];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    protected static async Task<byte[]> ReadToEndAsync(MessageBody body)
    {
        var octets = new byte[body.Length];
        for (var at = 0; at < octets.Length;)
        {
            var got = await body.ReadAsync(at, octets.AsMemory(at, Math.Min(30_011, octets.Length - at)), Token);
            Assert.True(got > 0);
            at += got;
        }

        Assert.Equal(0, await body.ReadAsync(octets.Length, new byte[10], Token));
        return octets;
    }

    protected async Task<byte[]?> BodyOfAsync(QueueId id)
    {
        using var body = await Store.OpenBodyAsync(id, Token);
        return body is null ? null : await ReadToEndAsync(body);
    }

    protected async Task<List<QueuedMessage>> AllAsync()
    {
        List<QueuedMessage> all = [];
        await foreach (var message in Store.ReadAllAsync(cancellationToken: Token))
            all.Add(message);
        return all;
    }

    protected async Task AssertGoneAsync(QueueId id)
    {
        Assert.Null(await Store.ReadAsync(id, Token));
        Assert.Null(await BodyOfAsync(id));
        Assert.DoesNotContain(await AllAsync(), message => message.Envelope.Id == id);
        Assert.DoesNotContain(id.ToString(), BodiesInPlace());
    }

    protected static void AssertSame(Envelope expected, Envelope actual)
    {
        Assert.Equal(expected.Prologue.ToArray(), actual.Prologue.ToArray());
        Assert.Equal(expected.Recipients, actual.Recipients);
        Assert.Equal(
            expected with { Prologue = default, Recipients = ImmutableArray<Recipient>.Empty },
            actual with { Prologue = default, Recipients = ImmutableArray<Recipient>.Empty });
    }
}

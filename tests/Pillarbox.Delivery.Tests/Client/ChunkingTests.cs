using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>Binary content, which goes by BDAT or not at all (RFC 3030).</summary>
public sealed class ChunkingTests
{
    private static readonly string[] Pipelining = ["PIPELINING", "CHUNKING", "BINARYMIME", "SIZE"];
    private static readonly string[] OneByOne = ["CHUNKING", "BINARYMIME", "SIZE"];
    private static readonly byte[] Content = [.. "Subject: x\r\n\r\n"u8, 0, 1, 255, 10, 46, 13, 46, 10, .. ".\r\n.\r\nMAIL FROM:<eve@x.test>\n"u8];

    private static OutgoingMessage Message(string to = "bob@sink.test", bool streamed = false) => new(
        Mailbox.Parse("ann@source.test"), [.. to.Split(',').Select(Mailbox.Parse)],
        streamed ? new StreamedBody(Content) : new BufferedBody(Content))
    {
        Prologue = "Received: here\r\n"u8.ToArray(),
        Traits = MessageTraits.Binary | MessageTraits.EightBitBody,
    };

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Binary_content_goes_in_one_chunk_as_it_is(bool pipelining, bool streamed)
    {
        var length = "Received: here\r\n".Length + Content.Length;
        byte[] heard = [];
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(pipelining ? Pipelining : OneByOne);
            Assert.Equal($"MAIL FROM:<ann@source.test> SIZE={length} BODY=BINARYMIME", await peer.HearAsync());
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.ExpectAsync($"BDAT {length} LAST");
            heard = await peer.OctetsAsync(length);
            await peer.SayAsync("250 2.0.0 taken");
            await peer.AnswerAsync("QUIT", "221 bye");
        }))
        {
            var session = await server.OpenAsync();
            Assert.Equal("2.0.0", (await session.SendOneAsync(Message(streamed: streamed))).Status.ToString());
            await session.QuitAsync();
        }

        Assert.Equal([.. "Received: here\r\n"u8, .. Content], heard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_sent_when_no_recipient_is_taken(bool pipelining)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(pipelining ? Pipelining : OneByOne);
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "550 5.1.1 no bob");
            await peer.AnswerAsync("RSET", "250 ok");
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.ExpectAsync("BDAT");
            await peer.OctetsAsync("Received: here\r\n".Length + Content.Length);
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal("5.1.1", (await session.SendOneAsync(Message())).Status.ToString());
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync(Message())).Disposition);
    }

    [Fact]
    public async Task Refused_chunk_is_the_verdict_and_the_transaction_is_reset()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(Pipelining);
            await peer.ExpectAsync("MAIL", "RCPT");
            await peer.SayAsync("250 ok", "250 ok");
            await peer.ExpectAsync("BDAT");
            await peer.OctetsAsync("Received: here\r\n".Length + Content.Length);
            await peer.SayAsync("554 5.6.0 not that");
            await peer.ExpectAsync("RSET", "MAIL", "RCPT", "DATA");
            await peer.SayAsync("250 ok", "250 ok", "250 ok", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal("5.6.0", (await session.SendOneAsync(Message())).Status.ToString());
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Fact]
    public async Task Connection_that_ends_after_the_chunk_may_have_delivered()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(Pipelining);
            await peer.ExpectAsync("MAIL", "RCPT");
            await peer.SayAsync("250 ok", "250 ok");
            await peer.ExpectAsync("BDAT");
            await peer.OctetsAsync("Received: here\r\n".Length + Content.Length);
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync(Message());

        Assert.Equal((Disposition.Deferred, true), (verdict.Disposition, verdict.Text.Contains("may have been delivered", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("CHUNKING")]
    [InlineData("BINARYMIME")]
    [InlineData("8BITMIME")]
    public async Task Binary_content_comes_back_from_a_server_that_cannot_take_it(string offer)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            Assert.Null(await peer.HearAsync());
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync(Message());
        await session.DisposeAsync();

        Assert.Equal("5.6.3", verdict.Status.ToString());
    }

    [Fact]
    public async Task Other_content_goes_by_data_whatever_is_offered()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(Pipelining);
            await peer.ExpectAsync("MAIL", "RCPT", "DATA");
            await peer.SayAsync("250 ok", "250 ok", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Fact]
    public async Task Body_shorter_than_it_says_ends_the_session()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(Pipelining);
            await peer.ExpectAsync("MAIL", "RCPT");
            await peer.SayAsync("250 ok", "250 ok");
            await peer.ExpectAsync("BDAT");
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();
        var message = Message() with { Body = new StreamedBody(Content, Content.Length + 1) };

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await session.SendOneAsync(message));
        Assert.False(session.IsUsable);
    }

    private sealed class StreamedBody(byte[] content, int? length = null) : MessageBody
    {
        public override long Length => length ?? content.Length;

        public override ReadOnlyMemory<byte>? InMemory => null;

        public override async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var count = (int)Math.Min(Math.Min(destination.Length, 7), content.Length - offset);
            content.AsSpan((int)offset, count).CopyTo(destination.Span);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

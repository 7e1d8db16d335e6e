using System.Text;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Client;

public sealed class ContentTests
{
    public static TheoryData<string> Bodies => new(
        "", ".\r\n", "..\r\n", "Subject: x\r\n\r\n.\r\n..\r\n...\r\nx.\r\n.x\r\n", "\r\n\r\n", "no line end", "a\r\n.",
        "Subject: x\r\n\r\n" + new string('x', 998) + "\r\n" + new string('.', 998) + "\r\n");

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_arrives_as_it_was(string content)
    {
        var heard = "";
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            heard = await peer.TakeAsync();
        }))
        {
            await using var session = await server.OpenAsync();
            var message = new OutgoingMessage(null, [Mailbox.Parse("bob@sink.test")], new BufferedBody(Encoding.ASCII.GetBytes(content)));
            await session.SendOneAsync(message);
        }

        // SMTP has no message whose last line does not end.
        Assert.Equal(content.Length == 0 || content.EndsWith('\n') ? content : content + "\r\n", heard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Large_body_arrives_as_it_was(bool inMemory)
    {
        var content = new StringBuilder("Subject: large\r\n\r\n");
        for (var i = 0; i < 60_000; i++)
            content.Append(i % 3 == 0 ? "." : "").Append("line ").Append(i).Append("\r\n");
        var octets = Encoding.ASCII.GetBytes(content.ToString());
        var heard = "";
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            heard = await peer.TakeAsync();
        }))
        {
            await using var session = await server.OpenAsync();
            var body = inMemory ? (MessageBody)new BufferedBody(octets) : new StreamedBody(octets);
            await session.SendOneAsync(new OutgoingMessage(null, [Mailbox.Parse("bob@sink.test")], body) { Prologue = "Received: here\r\n"u8.ToArray() });
        }

        Assert.Equal("Received: here\r\n" + content, heard);
    }

    [Fact]
    public async Task Body_that_comes_up_short_makes_no_message()
    {
        string? last = null;
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            while (await peer.HearAsync() is { } line)
                last = line;
        }))
        {
            await using var session = await server.OpenAsync();
            var message = new OutgoingMessage(null, [Mailbox.Parse("bob@sink.test")], new StreamedBody("Subject: x\r\n\r\nhalf\r\n"u8.ToArray(), missing: 10));

            await Assert.ThrowsAsync<InvalidOperationException>(() => session.SendOneAsync(message));
            Assert.False(session.IsUsable);
        }

        Assert.NotEqual(".", last);
    }

    [Fact]
    public void Dot_stuffing_is_the_same_wherever_the_content_is_cut()
    {
        ReadOnlyMemory<byte> content = ".\r\n..a\r\nb.\r\n\r\n.c"u8.ToArray();
        for (var first = 0; first <= content.Length; first++)
        {
            for (var second = first; second <= content.Length; second++)
            {
                var stuffer = new DotStuffer();
                var stuffed = Stuff(ref stuffer, content[..first]) + Stuff(ref stuffer, content[first..second]) + Stuff(ref stuffer, content[second..]);
                Assert.Equal("..\r\n...a\r\nb.\r\n\r\n..c", stuffed);
                Assert.False(stuffer.AtLineStart);
            }
        }
    }

    [Theory]
    [InlineData("a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd\r\n")]
    [InlineData("", "")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("a\r\r\nb\n", "a\r\n\r\nb\r\n")]
    public void File_content_gets_line_ends_of_mail(string content, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(CanonicalContent.Of(Encoding.ASCII.GetBytes(content))));

    [Theory]
    [InlineData("Subject: x\r\n\r\nplain\r\n", MessageTraits.None)]
    [InlineData("Subject: x\r\n\r\nbücher\r\n", MessageTraits.EightBitBody)]
    [InlineData("Subject: bücher\r\n\r\nplain\r\n", MessageTraits.EightBitHeaders)]
    [InlineData("\r\nbücher\r\n", MessageTraits.EightBitBody)]
    public void File_content_tells_what_it_needs(string content, MessageTraits expected) =>
        Assert.Equal(expected, CanonicalContent.Traits(Encoding.UTF8.GetBytes(content)));

    [Theory]
    [InlineData("PIPELINING", "ann@source.test", "bob@sink.test", "Subject: x\r\n\r\nbücher\r\n", "5.6.3")]
    [InlineData("8BITMIME", "ann@source.test", "bob@sink.test", "Subject: bücher\r\n\r\nx\r\n", "5.6.9")]
    [InlineData("8BITMIME", "änn@source.test", "bob@sink.test", "Subject: x\r\n\r\nx\r\n", "5.6.7")]
    [InlineData("8BITMIME", "ann@source.test", "böb@sink.test", "Subject: x\r\n\r\nx\r\n", "5.6.7")]
    [InlineData("SIZE 10", "ann@source.test", "bob@sink.test", "Subject: x\r\n\r\nx\r\n", "5.3.4")]
    public async Task Message_that_the_server_cannot_take_is_refused_here_and_not_sent(string offer, string from, string to, string content, string status)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            Assert.Null(await peer.HearAsync());
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync(SessionHarness.Message(to, content, from));
        await session.DisposeAsync();

        Assert.Equal(Disposition.Failed, verdict.Disposition);
        Assert.Equal(status, verdict.Status.ToString());
        Assert.True(session.IsUsable);
    }

    [Fact]
    public async Task Recipient_that_needs_smtputf8_fails_alone()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("böb@sink.test,bob@sink.test"), SessionHarness.Patience);

        Assert.Equal([new EnhancedStatus(5, 6, 7), new EnhancedStatus(2, 0, 0)], verdicts.Select(verdict => verdict.Status));
    }

    [Fact]
    public async Task Parameters_are_those_that_the_server_offers_and_the_message_needs()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("size 1000000", "8bitmime", "SmtpUtf8");
            Assert.Equal("MAIL FROM:<ann@source.test> SIZE=23 BODY=8BITMIME SMTPUTF8", await peer.HearAsync());
            await peer.SayAsync("450 later");
            Assert.Equal("MAIL FROM:<ann@source.test> SIZE=17", await peer.HearAsync());
            await peer.SayAsync("450 later");
        });
        await using var session = await server.OpenAsync();

        await session.SendOneAsync(SessionHarness.Message(content: "Subject: bücher\r\n\r\nx\r\n"));
        await session.SendOneAsync(SessionHarness.Message(content: "Subject: x\r\n\r\nx\r\n"));
    }

    [Theory]
    [InlineData("SMTPUTF8", null)]
    [InlineData("SMTPUTF8 8BITMIME", "MAIL FROM:<ann@source.test> BODY=8BITMIME")]
    public async Task Raw_octets_in_the_header_without_smtputf8_count_as_eight_bit_content(string offers, string? mail)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offers.Split(' '));
            Assert.Equal(mail, await peer.HearAsync());
            if (mail is not null)
                await peer.SayAsync("450 later");
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync(SessionHarness.Message(content: "Subject: bücher\r\n\r\nx\r\n") with { SmtpUtf8 = false });
        await session.DisposeAsync();

        Assert.Equal(mail is null ? "5.6.3" : "4.0.0", verdict.Status.ToString());
    }

    [Fact]
    public void Capabilities_are_read_whatever_their_case_and_shape()
    {
        var reply = new RemoteReply(250, EnhancedStatus.None, "PIPELINING\nSize 100\nauth=PLAIN login\nAUTH CRAM-MD5\n8BITMIME\n\nsize bad\nX-" + new string('x', 4000));

        var found = SmtpCapabilities.Parse(reply);

        Assert.False(found.Pipelining); // the first line is the server's name
        Assert.True(found.EightBitMime);
        Assert.Equal(["CRAM-MD5", "LOGIN", "PLAIN"], found.Auth.Order());
        Assert.True(found.Size);
        Assert.Null(found.MaxSize); // the last word counts, and has no number
    }

    private static string Stuff(ref DotStuffer stuffer, ReadOnlyMemory<byte> piece)
    {
        var text = new StringBuilder();
        while (!piece.IsEmpty)
        {
            var run = stuffer.Next(ref piece, out var dotFirst);
            text.Append(dotFirst ? "." : "").Append(Encoding.ASCII.GetString(run.Span));
        }

        return text.ToString();
    }

    private sealed class StreamedBody(byte[] content, int missing = 0) : MessageBody
    {
        public override long Length => content.Length + missing;

        public override ReadOnlyMemory<byte>? InMemory => null;

        public override async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var count = (int)Math.Min(Math.Min(destination.Length, 10_007), content.Length - offset);
            content.AsSpan((int)offset, count).CopyTo(destination.Span);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>LMTP as a client speaks it (RFC 2033).</summary>
public sealed class LmtpTests
{
    private static readonly SmtpClientOptions Options = SessionHarness.Options with { Lmtp = true, Tls = TlsMode.None };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_recipient_that_was_taken_has_a_reply_of_its_own(bool pipelining)
    {
        Verdict[] verdicts;
        await using (var server = new ScriptedServer(async peer =>
        {
            await OpenAsync(peer, pipelining);
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 2.1.0 ok");
            await peer.AnswerAsync("RCPT TO:<a@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("RCPT TO:<b@sink.test>", "550 5.1.1 nobody");
            await peer.AnswerAsync("RCPT TO:<c@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("RCPT TO:<d@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 2.0.0 <a> saved", "452 4.2.2 <c> full", "550 5.7.1 <d> no");

            // In step still: another message goes over the session.
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 2.1.0 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 2.0.0 <bob> saved");
        }))
        {
            await using var session = await server.OpenAsync(Options);
            verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test,c@sink.test,d@sink.test"), SessionHarness.Patience);
            Assert.Equal("250 2.0.0 <bob> saved", (await session.SendOneAsync()).Text);
        }

        Assert.Equal(
            [
                (Disposition.Delivered, "250 2.0.0 <a> saved"),
                (Disposition.Failed, "550 5.1.1 nobody"),
                (Disposition.Deferred, "452 4.2.2 <c> full"),
                (Disposition.Failed, "550 5.7.1 <d> no"),
            ],
            verdicts.Select(verdict => (verdict.Disposition, verdict.Text)));
    }

    [Fact]
    public async Task Recipients_whose_reply_did_not_come_may_have_the_message()
    {
        Verdict[] verdicts;
        await using (var server = new ScriptedServer(async peer =>
        {
            await OpenAsync(peer, pipelining: true);
            await peer.AnswerAsync("MAIL FROM:", "250 2.1.0 ok");
            await peer.AnswerAsync("RCPT TO:<a@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("RCPT TO:<b@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 2.0.0 <a> saved");
            peer.HangUp();
        }))
        {
            await using var session = await server.OpenAsync(Options);
            verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test"), SessionHarness.Patience);
            Assert.False(session.IsUsable);
        }

        Assert.Equal([(Disposition.Delivered, false), (Disposition.Deferred, true)], verdicts.Select(verdict => (verdict.Disposition, verdict.Text.Contains("may have been delivered", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Message_without_recipients_is_not_begun()
    {
        await using (var server = new ScriptedServer(async peer =>
        {
            await OpenAsync(peer, pipelining: true);
            await peer.AnswerAsync("MAIL FROM:", "250 2.1.0 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "550 5.1.1 nobody");
            await peer.AnswerAsync("DATA", "503 5.5.1 no recipients");
        }))
        {
            await using var session = await server.OpenAsync(Options);
            Assert.Equal("550 5.1.1 nobody", (await session.SendOneAsync()).Text);
            Assert.True(session.IsUsable);
        }
    }

    [Fact]
    public async Task Server_that_wants_a_message_for_nobody_gets_no_more()
    {
        await using (var server = new ScriptedServer(async peer =>
        {
            await OpenAsync(peer, pipelining: true);
            await peer.AnswerAsync("MAIL FROM:", "250 2.1.0 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "550 5.1.1 nobody");
            await peer.AnswerAsync("DATA", "354 go on");
        }))
        {
            await using var session = await server.OpenAsync(Options);
            Assert.Equal("550 5.1.1 nobody", (await session.SendOneAsync()).Text);
            Assert.False(session.IsUsable);
        }
    }

    [Fact]
    public async Task Server_without_lhlo_gets_no_other_hello()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 scripted.test ESMTP");
            await peer.AnswerAsync("LHLO relay.test", "500 5.5.1 what?");
            Assert.Null(await peer.HearAsync());
        });

        var outcome = await server.ConnectAsync(Options);

        Assert.Null(outcome.Session);
        Assert.Equal("500 5.5.1 what?", outcome.Failure!.Text);
    }

    [Theory]
    [InlineData("HELP", Success.Delivered)]
    [InlineData("DSN", Success.Unsaid)]
    public async Task Success_is_a_delivery_unless_the_server_reports_it(string capability, Success expected)
    {
        Verdict verdict;
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 scripted.test LMTP");
            await peer.ExpectAsync("LHLO relay.test");
            await peer.OfferAsync(capability);
            await peer.TakeAsync();
        }))
        {
            await using var session = await server.OpenAsync(Options);
            verdict = await session.SendOneAsync(SessionHarness.Message() with { Recipients = [new(Mailbox.Parse("bob@sink.test"), NotifyOn.Success)] });
        }

        Assert.Equal((Disposition.Delivered, expected), (verdict.Disposition, verdict.Success));
    }

    [Fact]
    public async Task Chunks_are_not_spoken_and_binary_content_goes_back()
    {
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 scripted.test LMTP");
            await peer.ExpectAsync("LHLO relay.test");
            await peer.OfferAsync("CHUNKING", "BINARYMIME", "8BITMIME");
            await peer.TakeAsync();
        }))
        {
            await using var session = await server.OpenAsync(Options);
            var binary = await session.SendOneAsync(SessionHarness.Message() with { Traits = MessageTraits.Binary });
            Assert.Equal((Disposition.Failed, "5.6.3"), (binary.Disposition, binary.Status.ToString()));
            Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
        }
    }

    private static async Task OpenAsync(Peer peer, bool pipelining)
    {
        await peer.SayAsync("220 scripted.test LMTP");
        await peer.ExpectAsync("LHLO relay.test");
        await peer.OfferAsync(pipelining ? ["PIPELINING", "ENHANCEDSTATUSCODES"] : ["ENHANCEDSTATUSCODES"]);
    }
}

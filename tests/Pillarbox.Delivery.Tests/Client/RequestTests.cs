using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>What the sender asked of the delivery, passed on to who knows it: DELIVERBY (RFC 2852), MT-PRIORITY (RFC 6710), REQUIRETLS (RFC 8689).</summary>
public sealed class RequestTests
{
    private static OutgoingMessage By(double seconds, DeliverByMode mode, bool trace = false) =>
        SessionHarness.Message() with { DeliverBy = new DeliverByParameter(TimeSpan.FromSeconds(seconds), mode, trace) };

    private static OutgoingMessage Protected(string content = "Subject: hello\r\n\r\nworld\r\n") =>
        SessionHarness.Message(content: content) with { Requests = SenderRequests.None with { RequireTls = true } };

    [Theory]
    [InlineData(59.9, DeliverByMode.Return, false, "BY=59;R")]
    [InlineData(120, DeliverByMode.Notify, true, "BY=120;NT")]
    [InlineData(-0.1, DeliverByMode.Notify, false, "BY=-1;N")]
    [InlineData(5e11, DeliverByMode.Return, true, "BY=999999999;RT")]
    public async Task Time_that_is_left_is_passed_on(double seconds, DeliverByMode mode, bool trace, string expected)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("DELIVERBY 30");
            Assert.Equal($"MAIL FROM:<ann@source.test> {expected}", await peer.HearAsync());
            await peer.SayAsync("450 later");
        });
        await using var session = await server.OpenAsync();

        await session.SendOneAsync(By(seconds, mode, trace));
    }

    [Theory]
    [InlineData("8BITMIME", 60)]
    [InlineData("DELIVERBY 61", 60)]
    [InlineData("DELIVERBY", 0.9)]
    [InlineData("DELIVERBY", -5)]
    public async Task Message_that_is_to_come_back_rather_than_late_goes_to_nobody_who_would_not_see_to_it(string offer, double seconds)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            Assert.Null(await peer.HearAsync());
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync(By(seconds, DeliverByMode.Return));
        await session.DisposeAsync();

        Assert.Equal((Disposition.Failed, "5.4.7"), (verdict.Disposition, verdict.Status.ToString()));
    }

    [Fact]
    public async Task Message_whose_sender_is_to_be_told_goes_to_who_does_not_know_the_extension()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("DELIVERBY-X");
            Assert.Equal("MAIL FROM:<ann@source.test>", await peer.HearAsync());
            await peer.SayAsync("450 later");
        });
        await using var session = await server.OpenAsync();

        await session.SendOneAsync(By(60, DeliverByMode.Notify));
    }

    [Theory]
    [InlineData("MT-PRIORITY MIXER", -3, " MT-PRIORITY=-3")]
    [InlineData("MT-PRIORITY", 9, " MT-PRIORITY=9")]
    [InlineData("MT-PRIORITY", 0, "")]
    [InlineData("DSN", 9, "")]
    public async Task Priority_is_passed_on_where_it_is_known(string offer, int priority, string expected)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            Assert.Equal($"MAIL FROM:<ann@source.test>{expected}", await peer.HearAsync());
            await peer.SayAsync("450 later");
        });
        await using var session = await server.OpenAsync();

        await session.SendOneAsync(SessionHarness.Message() with { Requests = SenderRequests.None with { Priority = priority } });
    }

    [Fact]
    public async Task Message_under_requiretls_goes_over_a_verified_session_to_a_server_that_keeps_it_so()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenTlsAsync("REQUIRETLS");
            Assert.Equal("MAIL FROM:<ann@source.test> REQUIRETLS", await peer.HearAsync());
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            Assert.Contains("TLS-Required: No", await peer.MessageAsync(), StringComparison.Ordinal);
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync(SessionHarness.Options with { Authorities = [Peer.Certificate] });

        // RFC 8689 §5: beside REQUIRETLS the header field counts for nothing, and it goes on as it is.
        var verdict = await session.SendOneAsync(Protected("TLS-Required: No\r\nSubject: x\r\n\r\nx\r\n"));

        Assert.Equal(Disposition.Delivered, verdict.Disposition);
        Assert.True(session.IsVerified);
    }

    [Theory]
    [InlineData("in clear", "5.7.10")]
    [InlineData("unknown authority", "5.7.10")]
    [InlineData("another name", "5.7.10")]
    [InlineData("not offered", "5.7.30")]
    public async Task Message_under_requiretls_goes_over_no_other_session(string how, string status)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            if (how == "in clear")
                await peer.OpenAsync("REQUIRETLS");
            else
                await peer.OpenTlsAsync(how == "not offered" ? "8BITMIME" : "REQUIRETLS");
            await peer.TakeAsync();
            Assert.Null(await peer.HearAsync());
        });
        var options = how == "unknown authority" ? SessionHarness.Options : SessionHarness.Options with { Authorities = [Peer.Certificate] };
        var host = how == "another name" ? "other.test" : "scripted.test";
        var outcome = await SmtpClientSession.ConnectAsync(new SmtpServerAddress(host, server.Address), options, TimeProvider.System, SessionHarness.Patience);
        var session = outcome.Session!;

        // Other mail goes over it all the same: encryption with anybody is better than none.
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
        var verdict = await session.SendOneAsync(Protected());
        await session.DisposeAsync();

        Assert.Equal((Disposition.Failed, status), (verdict.Disposition, verdict.Status.ToString()));
    }

    [Fact]
    public async Task Mailboxes_on_this_machine_are_no_further_server_that_would_have_to_keep_anything()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 mailboxes.test LMTP");
            await peer.ExpectAsync("LHLO relay.test");
            await peer.OfferAsync("8BITMIME");
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal("MAIL FROM:<ann@source.test>", await peer.HearAsync());
                await peer.SayAsync("250 ok");
                await peer.AnswerAsync("RCPT", "250 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }
        });
        await using var session = await server.OpenAsync(SessionHarness.Options with { Lmtp = true });

        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync(Protected())).Disposition);
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync(By(60, DeliverByMode.Return))).Disposition);
        Assert.Equal("5.4.7", (await session.SendOneAsync(By(0, DeliverByMode.Return))).Status.ToString());
    }

    [Theory]
    [InlineData("bob@bücher.test", "RCPT TO:<bob@xn--bcher-kva.test>")]
    [InlineData("bob@BÜCHER.test", "RCPT TO:<bob@xn--bcher-kva.test>")]
    [InlineData("bob@xn--bcher-kva.test", "RCPT TO:<bob@xn--bcher-kva.test>")]
    public async Task Domain_outside_ascii_goes_in_a_labels_to_a_server_without_smtputf8(string to, string expected)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            Assert.Equal("MAIL FROM:<ann@xn--caf-dma.test>", await peer.HearAsync());
            await peer.SayAsync("250 ok");
            Assert.Equal(expected, await peer.HearAsync());
            await peer.SayAsync("450 later");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal("4.0.0", (await session.SendOneAsync(SessionHarness.Message(to, from: "ann@café.test"))).Status.ToString());
    }
}

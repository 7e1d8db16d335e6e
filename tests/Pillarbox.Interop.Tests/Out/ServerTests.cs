using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Mail that a route leads to a server of another make.</summary>
public sealed class ServerTests
{
    public static TheoryData<string> Receivers => [.. Servers.Receiving.Keys];

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Exim_that_wants_auth_gets_it_over_tls(string mechanism)
    {
        var account = new PeerAccount("ann", Guid.NewGuid().ToString("N"));
        await using var peer = await EximServer.StartAsync(new PeerSettings { Tls = true, Account = account, Mechanism = mechanism });
        await using var relay = await RelayServer.StartAsync($"smtp://{account.User}:{account.Password}@127.0.0.1:{peer.Port}");
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create("leading dots", subject);

        await relay.SubmitAsync(message, "bob@destination.test");

        var stored = await peer.WaitForMessageAsync(subject);
        Assert.Equal(message, stored.AsSent);
        // RFC 3848: ESMTP, over TLS, authenticated.
        Assert.Contains("with esmtpsa", stored.Trace, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Exim_that_offers_starttls_gets_the_mail_over_tls()
    {
        await using var peer = await EximServer.StartAsync(new PeerSettings { Tls = true });
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{peer.Port}");
        var subject = TestMessages.NewSubject();

        await relay.SubmitAsync(TestMessages.Create("plain text", subject), "bob@destination.test");

        Assert.Contains("with esmtps ", (await peer.WaitForMessageAsync(subject)).Trace, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Receivers))]
    public async Task Server_that_refuses_one_recipient_of_three_gets_the_mail_for_the_others_and_the_sender_a_bounce(string name)
    {
        await using var peer = await Servers.Receiving[name](new PeerSettings());
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{peer.Port}");
        var subject = TestMessages.NewSubject();

        await using (var conversation = await SmtpConversation.ConnectAsync(relay.Port))
        {
            await conversation.ExpectAsync("EHLO client.test", "250");
            await conversation.ExpectAsync("MAIL FROM:<ann@source.test>", "250");
            foreach (var recipient in new[] { "bob", "nobody", "carol" })
                await conversation.ExpectAsync($"RCPT TO:<{recipient}@destination.test>", "250");
            await conversation.ExpectAsync("DATA", "354");
            await conversation.SendAsync(SmtpConversation.Stuff(TestMessages.Create("plain text", subject)));
            Assert.StartsWith("250", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        }

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Contains("Final-Recipient: rfc822; nobody@destination.test", bounce.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Diagnostic-Code: smtp; 550 ", bounce.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Final-Recipient: rfc822; bob", bounce.Text, StringComparison.OrdinalIgnoreCase);
        await peer.WaitForMessageAsync(subject);
    }

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Exim")]
    [InlineData("aiosmtpd")]
    public async Task Server_that_knows_smtputf8_gets_addresses_and_headers_in_utf_8(string name)
    {
        await using var peer = await Servers.Receiving[name](new PeerSettings());
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{peer.Port}");
        var message = International();

        await relay.SubmitAsync(message, "สวัสดี@destination.test", "änn@source.test", "BODY=8BITMIME SMTPUTF8");

        var stored = Assert.Single(await peer.WaitForMessagesAsync(1));
        Assert.Equal(message, stored.AsSent);
        Assert.Equal("<änn@source.test>", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(stored.Header("Return-Path")!)));
    }

    [Fact]
    public async Task Server_without_smtputf8_gets_no_such_mail_and_the_sender_a_bounce()
    {
        await using var peer = await OpenSmtpdServer.StartAsync();
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{peer.Port}");

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "สวัสดี@destination.test", "ann@source.test", "BODY=8BITMIME SMTPUTF8");

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Contains("Status: 5.6.7", bounce.Text, StringComparison.Ordinal);
        Assert.Equal(0, peer.MessageCount);
    }

    private static byte[] International() => Encoding.UTF8.GetBytes(
        $"From: <änn@source.test>\r\nTo: <สวัสดี@destination.test>\r\nSubject: สวัสดี {Guid.NewGuid():N}\r\nDate: Tue, 03 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{Guid.NewGuid():N}@source.test>\r\n\r\nGrüße\r\n");
}

using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>Servers that hand over mail in clear to a listener for mail from anywhere.</summary>
public sealed class InboundTests(InboundTests.InboundServer server) : IClassFixture<InboundTests.InboundServer>
{
    public static TheoryData<string> Senders => [.. Servers.Sending.Keys];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Server_with_one_recipient_of_three_refused_delivers_to_two_and_sends_a_bounce(string name)
    {
        await using var peer = await StartAsync(name);
        var subject = TestMessages.NewSubject();

        await using (var conversation = await SmtpConversation.ConnectAsync(peer.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            await conversation.ExpectAsync("MAIL FROM:<carol@known.test>", "250");
            foreach (var recipient in new[] { "ann", "unknown", "bob" })
                await conversation.ExpectAsync($"RCPT TO:<{recipient}@known.test>", "250");
            await conversation.ExpectAsync("DATA", "354");
            await conversation.SendAsync(SmtpConversation.Stuff(TestMessages.Create("plain text", subject)));
            Assert.StartsWith("250", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        }

        await server.WaitForAsync("ann", message => message.Header("Subject") == subject);
        await server.WaitForAsync("bob", message => message.Header("Subject") == subject);
        var bounce = await server.WaitForAsync("carol", message => message.Text.Contains(subject, StringComparison.Ordinal));
        Assert.Equal("<>", bounce.Header("Return-Path"));
        Assert.Contains("550 5.1.1", bounce.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Exim")]
    public async Task Server_that_knows_smtputf8_hands_over_addresses_and_headers_in_utf_8(string name)
    {
        await using var peer = await StartAsync(name);
        var id = Guid.NewGuid().ToString("N");
        var message = Encoding.UTF8.GetBytes($"From: <änn@source.test>\r\nTo: <สวัสดี@any.test>\r\nSubject: สวัสดี {id}\r\nMessage-ID: <{id}@source.test>\r\nDate: Tue, 03 Nov 2026 09:00:00 +0000\r\n\r\nGrüße\r\n");

        await using (var conversation = await SmtpConversation.ConnectAsync(peer.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            var reply = await conversation.TransactAsync(message, "änn@source.test", "สวัสดี@any.test", "BODY=8BITMIME SMTPUTF8");
            Assert.StartsWith("250", reply, StringComparison.Ordinal);
        }

        var stored = await server.WaitForAsync("สวัสดี", found => found.Text.Contains(id, StringComparison.Ordinal));
        Assert.Equal(message, stored.AsSent);
        Assert.Equal("<änn@source.test>", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(stored.Header("Return-Path")!)));
    }

    [Fact]
    public async Task Exim_sends_in_chunks()
    {
        await using var peer = await StartAsync("Exim");
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create("leading dots", subject);

        await using (var conversation = await SmtpConversation.ConnectAsync(peer.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            Assert.StartsWith("250", await conversation.TransactAsync(message, "carol@known.test", "bob@known.test"), StringComparison.Ordinal);
        }

        var stored = await server.WaitForAsync("bob", found => found.Header("Subject") == subject);
        Assert.Equal(message, stored.AsSent);

        // Its log marks what went by BDAT: K.
        await Readiness.UntilAsync(() => peer.Log.Contains(" K ", StringComparison.Ordinal), "a delivery by BDAT in Exim's log");
    }

    private Task<MailServer> StartAsync(string name) =>
        Servers.Sending[name](new PeerSettings { Hostname = "source.test", Relay = new PeerRelay(server.Port) });

    /// <summary>The server of these tests: <c>known.test</c> has ann, bob and carol, <c>any.test</c> everybody.</summary>
    public sealed class InboundServer : IAsyncLifetime
    {
        private readonly TempDirectory _directory = new("inbound");
        private PillarboxProcess? _process;

        /// <summary>Where it is spoken to.</summary>
        public int Port { get; } = FreePort.Take();

        /// <summary>Waits for a message in the maildir of a local part.</summary>
        public async Task<StoredMessage> WaitForAsync(string localPart, Func<StoredMessage, bool> which)
        {
            var directory = _directory[$"mail/{localPart}/new"];
            StoredMessage? found = null;
            await Readiness.UntilAsync(
                () => Directory.Exists(directory)
                    && (found = Directory.GetFiles(directory).Select(StoredMessage.Read).FirstOrDefault(which)) is not null,
                $"the message for {localPart}", TimeSpan.FromMinutes(2));
            return found!;
        }

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var console = FreePort.Take();
            var configuration = $$"""
                hostname = "inbound.test"
                data = "{{_directory["data"]}}"

                [[listeners]]
                name = "inbound"
                address = "127.0.0.1:{{Port}}"
                role = "inbound"
                tls = "none"
                auth = "none"

                [accounts]
                source = "file"
                file = "{{_directory["accounts.toml"]}}"

                [[domains]]
                name = "known.test"
                recipients = "accounts"
                deliver = "maildir:{{_directory["mail"]}}/{local}"

                [[domains]]
                name = "any.test"
                deliver = "maildir:{{_directory["mail"]}}/{local}"

                [console]
                address = "127.0.0.1:{{console}}"
                """;
            var file = _directory.Write("account.toml", configuration);
            foreach (var name in new[] { "ann", "bob", "carol" })
                (await PillarboxProcess.RunAsync(["account", "add", name, "--config", file], Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}\n"))).Checked();
            _process = await PillarboxProcess.ServeAsync(_directory, configuration, new PillarboxSettings { Ports = [Port, console] });
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_process is not null)
                await _process.DisposeAsync();

            _directory.Dispose();
        }
    }
}

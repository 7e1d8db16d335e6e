using MimeKit;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Mail that goes into mailboxes by LMTP: Dovecot's, and those of another Pillarbox.</summary>
public sealed class LmtpTests
{
    [Fact]
    public async Task Dovecot_gets_a_message_once_for_each_recipient_and_refuses_for_some()
    {
        await using var dovecot = await DovecotLmtp.StartAsync("bob@boxes.test", "eve@boxes.test", "full@boxes.test");
        await using var relay = await RelayServer.StartAsync("discard", more: Boxes(dovecot.Port));
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create("leading dots", subject);

        await using (var conversation = await SmtpConversation.ConnectAsync(relay.Port))
        {
            await conversation.ExpectAsync("EHLO client.test", "250");
            await conversation.ExpectAsync("MAIL FROM:<ann@source.test> RET=HDRS", "250");
            await conversation.ExpectAsync("RCPT TO:<bob@boxes.test> NOTIFY=SUCCESS", "250");
            await conversation.ExpectAsync("RCPT TO:<nobody@boxes.test>", "250");
            await conversation.ExpectAsync("RCPT TO:<full@boxes.test>", "250");
            await conversation.ExpectAsync("RCPT TO:<eve@boxes.test>", "250");
            await conversation.ExpectAsync("DATA", "354");
            await conversation.SendAsync(SmtpConversation.Stuff(message));
            Assert.StartsWith("250 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        }

        foreach (var user in (string[])["bob@boxes.test", "eve@boxes.test"])
        {
            var stored = await dovecot.WaitForAsync(user);
            Assert.Equal(message, stored.AsSent);
            Assert.Equal("<ann@source.test>", stored.Header("Return-Path"));
        }

        // One report for all: what it says of each is what Dovecot said of each.
        using var content = new MemoryStream((await relay.WaitForLocalAsync("ann")).Content);
        using var bounce = await MimeMessage.LoadAsync(content, TestContext.Current.CancellationToken);
        var groups = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(bounce.Body)[1]).StatusGroups.Skip(1);
        Assert.Equal(
            [("rfc822; nobody@boxes.test", "failed", "5.1.1"), ("rfc822; full@boxes.test", "failed", "5.2.2"), ("rfc822; bob@boxes.test", "delivered", "2.0.0")],
            groups.Select(group => (group["Final-Recipient"], group["Action"], group["Status"])));
        Assert.Equal((1, 1, 0), (dovecot.Count("bob@boxes.test"), dovecot.Count("eve@boxes.test"), dovecot.Count("full@boxes.test")));
    }

    [Fact]
    public async Task Another_pillarbox_takes_it_and_reports_the_delivery_itself()
    {
        await using var boxes = await LmtpServer.StartAsync();
        await using var relay = await RelayServer.StartAsync("discard", more: Boxes(boxes.Port));

        await using (var conversation = await SmtpConversation.ConnectAsync(relay.Port))
        {
            await conversation.ExpectAsync("EHLO client.test", "250");
            await conversation.ExpectAsync("MAIL FROM:<ann@source.test> ENVID=x", "250");
            await conversation.ExpectAsync("RCPT TO:<bob@boxes.test> NOTIFY=SUCCESS", "250");
            await conversation.ExpectAsync("RCPT TO:<eve@boxes.test> NOTIFY=NEVER", "250");
            await conversation.ExpectAsync("DATA", "354");
            await conversation.SendAsync(SmtpConversation.Stuff(TestMessages.Create("leading dots", TestMessages.NewSubject())));
            Assert.StartsWith("250 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        }

        // The sender is of a domain of its own too, so its report stays with it.
        var report = await boxes.WaitForAsync("ann");
        Assert.Contains("Reporting-MTA: dns; boxes.test", report.Text, StringComparison.Ordinal);
        Assert.Contains("Original-Envelope-Id: x", report.Text, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; bob@boxes.test\nAction: delivered\n", report.Text, StringComparison.Ordinal);
        Assert.NotNull((await boxes.WaitForAsync("bob")).Header("Subject"));
        Assert.NotNull((await boxes.WaitForAsync("eve")).Header("Subject"));
    }

    private static string Boxes(int port) => $"""
        [[domains]]
        name = "boxes.test"
        deliver = "lmtp://127.0.0.1:{port}"
        """;

    /// <summary>Pillarbox with a listener for LMTP, and maildirs for everybody.</summary>
    private sealed class LmtpServer : IAsyncDisposable
    {
        private readonly TempDirectory _directory;
        private readonly PillarboxProcess _process;

        private LmtpServer(TempDirectory directory, PillarboxProcess process, int port)
        {
            _directory = directory;
            _process = process;
            Port = port;
        }

        public int Port { get; }

        public static async Task<LmtpServer> StartAsync()
        {
            var directory = new TempDirectory("boxes");
            try
            {
                var (port, console) = (FreePort.Take(), FreePort.Take());
                var process = await PillarboxProcess.ServeAsync(
                    directory,
                    $$"""
                    hostname = "boxes.test"
                    data = "{{directory["data"]}}"

                    [[listeners]]
                    name = "boxes"
                    address = "127.0.0.1:{{port}}"
                    role = "lmtp"
                    tls = "none"
                    auth = "none"

                    [[domains]]
                    name = "boxes.test"
                    deliver = "maildir:{{directory["mail"]}}/{local}"

                    [[domains]]
                    name = "source.test"
                    deliver = "maildir:{{directory["mail"]}}/{local}"

                    [console]
                    address = "127.0.0.1:{{console}}"
                    """,
                    new PillarboxSettings { Ports = [port, console] });
                return new LmtpServer(directory, process, port);
            }
            catch
            {
                directory.Dispose();
                throw;
            }
        }

        public async Task<StoredMessage> WaitForAsync(string localPart)
        {
            var directory = _directory[$"mail/{localPart}/new"];
            await Readiness.UntilAsync(() => Directory.Exists(directory) && Directory.GetFiles(directory).Length > 0, $"mail for {localPart}");
            return StoredMessage.Read(Directory.GetFiles(directory)[0]);
        }

        public async ValueTask DisposeAsync()
        {
            await _process.DisposeAsync();
            _directory.Dispose();
        }
    }
}

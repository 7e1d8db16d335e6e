using System.Text;

using Pillarbox.Interop.Tests.Clients;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>A submission listener with an account made by <c>pillarbox account add</c>: the right password gets 235, a wrong one 535.</summary>
public sealed class AccountTests(AccountTests.SubmissionServer server) : IClassFixture<AccountTests.SubmissionServer>
{
    public static TheoryData<string> Clients => [.. MailClient.All.Keys];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Client_with_the_password_sends_and_with_a_wrong_one_does_not(string client)
    {
        var subject = TestMessages.NewSubject();
        var task = new ClientTask(server.Port, "PLAIN", "ann", server.Password, TestMessages.Create("plain text", subject)) { To = "bob@local.test" };

        var refused = await MailClient.All[client].SendAsync(task with { Password = "wrong" });
        var accepted = await MailClient.All[client].SendAsync(task);

        Assert.False(refused.Succeeded);
        Assert.Contains("535 5.7.8", refused.Transcript, StringComparison.Ordinal);
        Assert.True(accepted.Succeeded, accepted.Transcript);
        Assert.Contains("235 2.7.0", accepted.Transcript, StringComparison.Ordinal);
        await Readiness.UntilAsync(() => server.Delivered().Any(message => message.Header("Subject") == subject), "the message in the maildir");
    }

    [Fact]
    public async Task Postfix_with_the_password_hands_over_its_mail()
    {
        await using var postfix = await PostfixServer.StartAsync(SendingPostfix.To(server.Port, "ann", server.Password));
        var subject = TestMessages.NewSubject();

        await using (var conversation = await SmtpConversation.ConnectAsync(postfix.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            await conversation.TransactAsync(TestMessages.Create("plain text", subject), "ann@source.test", "bob@local.test");
        }

        await Readiness.UntilAsync(() => server.Delivered().Any(message => message.Header("Subject") == subject), "the message in the maildir");
    }

    [Fact]
    public async Task Postfix_with_a_wrong_password_keeps_its_mail()
    {
        await using var postfix = await PostfixServer.StartAsync(SendingPostfix.To(server.Port, "ann", "wrong"));

        await using (var conversation = await SmtpConversation.ConnectAsync(postfix.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            await conversation.TransactAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "ann@source.test", "bob@local.test");
        }

        await Readiness.UntilAsync(() => postfix.Log.Contains("said: 535 5.7.8", StringComparison.Ordinal), "535 5.7.8 in Postfix's log");
        Assert.Equal(1, postfix.QueueLength);
    }

    /// <summary>The server of these tests.</summary>
    public sealed class SubmissionServer : IAsyncLifetime
    {
        private readonly TempDirectory _directory = new("submission");
        private PillarboxProcess? _process;

        /// <summary>Where it is spoken to.</summary>
        public int Port { get; } = FreePort.Take();

        /// <summary>Ann's.</summary>
        public string Password { get; } = Guid.NewGuid().ToString("N");

        /// <summary>What is in the maildir.</summary>
        public IReadOnlyList<StoredMessage> Delivered() =>
            Directory.Exists(_directory["mail/bob/new"]) ? [.. Directory.GetFiles(_directory["mail/bob/new"]).Select(StoredMessage.Read)] : [];

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var console = FreePort.Take();
            var certificate = TestCertificate.Create(_directory, "submission.test");
            var configuration = $$"""
                hostname = "submission.test"
                data = "{{_directory["data"]}}"

                [[listeners]]
                name = "submission"
                address = "127.0.0.1:{{Port}}"
                role = "submission"
                tls = "starttls"
                auth = "required"

                [tls]
                certificate = "{{certificate.CertificateFile}}"
                key = "{{certificate.KeyFile}}"

                [accounts]
                source = "file"
                file = "{{_directory["accounts.toml"]}}"

                [[domains]]
                name = "local.test"
                deliver = "maildir:{{_directory["mail"]}}/{local}"

                [console]
                address = "127.0.0.1:{{console}}"
                """;
            var file = _directory.Write("account.toml", configuration);
            (await PillarboxProcess.RunAsync(["account", "add", "ann", "--config", file], Encoding.ASCII.GetBytes(Password + "\n"))).Checked();
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

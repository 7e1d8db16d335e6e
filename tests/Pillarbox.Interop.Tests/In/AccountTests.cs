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

    public static TheoryData<string, string> ServersAndMechanisms()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Servers.Sending.Keys)
        {
            data.Add(name, "PLAIN");
            data.Add(name, "LOGIN");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ServersAndMechanisms))]
    public async Task Server_with_the_password_hands_over_its_mail_by_the_mechanism_that_there_is(string name, string mechanism)
    {
        var relay = new PeerRelay(server.PortOf(mechanism), new PeerAccount("ann", server.Password));
        await using var peer = await Servers.Sending[name](new PeerSettings { Hostname = "source.test", Relay = relay });
        var subject = TestMessages.NewSubject();

        await SubmitAsync(peer, subject);

        await Readiness.UntilAsync(() => server.Delivered().Any(message => message.Header("Subject") == subject), "the message in the maildir");
    }

    [Theory]
    [InlineData("Postfix", "said: 535 5.7.8")]
    [InlineData("Exim", "535 5.7.8")]
    [InlineData("OpenSMTPD", "AUTH rejected: 535 5.7.8")]
    public async Task Server_with_a_wrong_password_is_told_535_and_hands_nothing_over(string name, string logged)
    {
        var relay = new PeerRelay(server.Port, new PeerAccount("ann", "wrong"));
        await using var peer = await Servers.Sending[name](new PeerSettings { Hostname = "source.test", Relay = relay });
        var subject = TestMessages.NewSubject();

        await SubmitAsync(peer, subject);

        await Readiness.UntilAsync(() => peer.Log.Contains(logged, StringComparison.Ordinal), $"{logged} in the log of {name}");
        Assert.DoesNotContain(server.Delivered(), message => message.Header("Subject") == subject);
    }

    private static async Task SubmitAsync(MailServer peer, string subject)
    {
        await using var conversation = await SmtpConversation.ConnectAsync(peer.Port);
        await conversation.ExpectAsync("EHLO source.test", "250");
        Assert.StartsWith("250", await conversation.TransactAsync(TestMessages.Create("plain text", subject), "ann@source.test", "bob@local.test"), StringComparison.Ordinal);
    }

    /// <summary>The server of these tests.</summary>
    public sealed class SubmissionServer : IAsyncLifetime
    {
        private readonly TempDirectory _directory = new("submission");
        private readonly int _plainPort = FreePort.Take();
        private readonly int _loginPort = FreePort.Take();
        private PillarboxProcess? _process;

        /// <summary>Where it is spoken to.</summary>
        public int Port { get; } = FreePort.Take();

        /// <summary>Where one mechanism alone is offered.</summary>
        public int PortOf(string mechanism) => mechanism == "PLAIN" ? _plainPort : _loginPort;

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

                [[listeners]]
                name = "plain"
                address = "127.0.0.1:{{_plainPort}}"
                role = "submission"
                tls = "starttls"
                auth = "required"
                mechanisms = ["PLAIN"]

                [[listeners]]
                name = "login"
                address = "127.0.0.1:{{_loginPort}}"
                role = "submission"
                tls = "starttls"
                auth = "required"
                mechanisms = ["LOGIN"]

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
            _process = await PillarboxProcess.ServeAsync(_directory, configuration, new PillarboxSettings { Ports = [Port, _plainPort, _loginPort, console] });
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

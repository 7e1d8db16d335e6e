using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>Servers that hand over their mail to the evaluation server, over TLS and with a password.</summary>
public sealed class ServerTests(ServerTests.Way way) : IClassFixture<ServerTests.Way>
{
    public static TheoryData<string, string> ServersAndMessages => Servers.WithMessages(Servers.Sending.Keys);

    [Theory]
    [MemberData(nameof(ServersAndMessages))]
    public async Task Server_logs_in_and_hands_over_a_message_which_is_captured_byte_for_byte(string server, string name)
    {
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create(name, subject);

        await using (var conversation = await SmtpConversation.ConnectAsync(way.Sending[server].Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            Assert.StartsWith("250", await conversation.TransactAsync(message, "ann@source.test", "bob@destination.test"), StringComparison.Ordinal);
        }

        var raw = await way.Pillarbox.WaitForRawAsync(subject);
        Assert.Equal(message, raw[^message.Length..]);
        Assert.StartsWith("Received: ", Encoding.Latin1.GetString(raw), StringComparison.Ordinal);
        var session = await way.Pillarbox.SessionOfAsync(subject);
        Assert.Contains("client: STARTTLS", session, StringComparison.Ordinal);
        Assert.Contains("server: 235 2.7.0", session, StringComparison.Ordinal);
    }

    /// <summary>The evaluation server, and one of each make that sends to it.</summary>
    public sealed class Way : IAsyncLifetime
    {
        private readonly Dictionary<string, MailServer> _sending = [];

        /// <summary>Receives.</summary>
        public EvaluationServer Pillarbox { get; } = new();

        /// <summary>Send.</summary>
        public IReadOnlyDictionary<string, MailServer> Sending => _sending;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            await Pillarbox.InitializeAsync();
            var relay = new PeerRelay(Pillarbox.Process.SmtpPort, new PeerAccount("ann", Guid.NewGuid().ToString("N")));
            foreach (var (name, start) in Servers.Sending)
                _sending[name] = await start(new PeerSettings { Hostname = "source.test", Relay = relay });
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            foreach (var server in _sending.Values)
                await server.DisposeAsync();

            await Pillarbox.DisposeAsync();
        }
    }
}

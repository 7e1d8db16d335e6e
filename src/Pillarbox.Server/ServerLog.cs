using Microsoft.Extensions.Logging;

namespace Pillarbox.Server;

/// <summary>What the server writes to the log: a line a session, and faults.</summary>
internal sealed partial class ServerLog(ILogger<ServerLog> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1, LogLevel.Information,
        "session {Session} on {Listener} from {Client}: hello={Hello} tls={Tls} account={Account} messages={Messages} errors={Errors} seconds={Seconds:F3} end={End}")]
    public partial void SessionEnded(
        string session, string listener, string client, string hello, string tls, string account, int messages, int errors, double seconds, string end);

    [LoggerMessage(2, LogLevel.Information, "session {Session}: TLS handshake failed: {Cause}")]
    public partial void HandshakeFailed(string session, string cause);

    [LoggerMessage(9, LogLevel.Information, "session {Session} from {Peer}: {Cause}")]
    public partial void ProxyHeaderFailed(string session, string peer, string cause);

    [LoggerMessage(10, LogLevel.Error, "what waits for {Node} could not be tried")]
    public partial void TurnFault(Exception exception, string node);

    [LoggerMessage(3, LogLevel.Error, "session {Session} broke off: a fault of this server")]
    public partial void SessionFault(Exception exception, string session);

    [LoggerMessage(4, LogLevel.Error, "message {Id} could not be stored")]
    public partial void StoreFault(Exception exception, string id);

    [LoggerMessage(5, LogLevel.Error, "recipient {Recipient} could not be checked")]
    public partial void RecipientCheckFailed(Exception exception, string recipient);

    [LoggerMessage(13, LogLevel.Warning, "the DNS could not be asked for the MX of {Domain}: its mail is taken")]
    public partial void MxNotFound(Exception exception, string domain);

    [LoggerMessage(6, LogLevel.Error, "the login of {Name} could not be checked")]
    public partial void LoginFault(Exception exception, string name);

    [LoggerMessage(7, LogLevel.Information, "session {Session}: login of {Name} from {Client} by {Mechanism} refused: {Cause}")]
    public partial void LoginRefused(string session, string name, string client, string mechanism, string cause);

    [LoggerMessage(11, LogLevel.Warning, "logins from {Network} are banned for {Seconds:F0} s: too many failed, the last one as {Name}")]
    public partial void NetworkBanned(string network, double seconds, string name);

    [LoggerMessage(12, LogLevel.Warning, "logins as {Name} from where it has not lately logged in are held off for {Seconds:F0} s: too many failed, the last one from {Network}")]
    public partial void StrangersHeldOff(string name, double seconds, string network);

    [LoggerMessage(8, LogLevel.Debug, "message {Id} accepted: from={Sender} recipients={Recipients} size={Size} session={Session}")]
    public partial void MessageAccepted(string id, string sender, int recipients, long size, string session);

    [LoggerMessage(14, LogLevel.Information, "session {Session}: client certificate of {Subject} for {Addresses}")]
    public partial void ClientCertificate(string session, string subject, string addresses);

    [LoggerMessage(15, LogLevel.Information, "session {Session}: {Fault}")]
    public partial void ClientCertificateIgnored(string session, string fault);

    [LoggerMessage(16, LogLevel.Information, "session {Session}: token of {Name} not taken: {Cause}")]
    public partial void TokenRefused(string session, string name, string cause);
}

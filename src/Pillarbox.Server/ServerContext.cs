using Pillarbox.Queue;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Server;

/// <summary>What all sessions share.</summary>
internal sealed record ServerContext(
    SmtpServerOptions Options,
    PolicySource Policy,
    MailQueue Queue,
    IAccountSource Accounts,
    ServerCertificates? Certificates,
    TimeProvider Time,
    ServerLog Log)
{
    /// <summary>Their figures.</summary>
    public ServerMetrics Metrics { get; } = ServerMetrics.Shared;
}

using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;
using Pillarbox.Server.Guessing;
using Pillarbox.Server.Sessions;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Dns;
using Pillarbox.Trust.Tls;
using Pillarbox.Trust.Tokens;

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
    /// <summary>How many there are of each client.</summary>
    public ClientCounts Clients { get; } = new();

    /// <summary>Keeps out who guesses at secrets.</summary>
    public GuessGuard Guard { get; } = new(Time, Policy);

    /// <summary>The logins whose passwords are being checked.</summary>
    public LoginGate Checks { get; } = new(Accounts.ChecksAtOnce, ServerMetrics.Shared.LoginsWaiting);

    /// <summary>Has what waits for a domain tried; <see langword="null"/> where nothing delivers.</summary>
    public IDomainRetry? Retry { get; init; }

    /// <summary>Asks the DNS; <see langword="null"/> where no listener wants that.</summary>
    public IResolver? Resolver { get; init; }

    /// <summary>Checks tokens; <see langword="null"/> where none let anybody in.</summary>
    public TokenVerifier? Tokens { get; init; }

    /// <summary>Their figures.</summary>
    public ServerMetrics Metrics { get; } = ServerMetrics.Shared;

    /// <summary>What a session begins with.</summary>
    public Reply Greeting(ListenerOptions listener) =>
        ReplyCatalogue.Greeting(Options.Hostname, listener.Role == ListenerRole.Lmtp ? "LMTP" : "ESMTP");
}

using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Delivery.Client;

/// <summary>When a session encrypts.</summary>
public enum TlsMode
{
    /// <summary>Never.</summary>
    None,

    /// <summary>STARTTLS where it is offered, with any certificate; without it where the handshake fails (RFC 7435).</summary>
    Opportunistic,

    /// <summary>STARTTLS or nothing.</summary>
    Required,

    /// <summary>From the first octet (RFC 8314 §3.3).</summary>
    Implicit,
}

/// <summary>Who logs in.</summary>
/// <param name="User">The name, without NUL.</param>
/// <param name="Password">The secret, without NUL; it shows in no log and no transcript.</param>
public sealed record SmtpCredentials(string User, string Password)
{
    /// <summary>The name alone.</summary>
    public override string ToString() => User;
}

/// <summary>How a session with another server is held.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>Our name in EHLO: a domain name or an address literal.</summary>
    public required string HelloName { get; init; }

    /// <summary>LMTP in place of SMTP (RFC 2033): LHLO, and a reply for each recipient at the end of a message.</summary>
    public bool Lmtp { get; init; }

    /// <summary>When to encrypt.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Opportunistic;

    /// <summary>
    /// Whether the certificate must be valid for the server's name. Only of effect in <see cref="TlsMode.Required"/> and
    /// <see cref="TlsMode.Implicit"/>: opportunistic encryption takes any.
    /// </summary>
    public bool VerifyCertificate { get; init; }

    /// <summary>The authorities that certify servers, in place of the system's; none given: those.</summary>
    public ImmutableArray<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>Who logs in, or nobody.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>Whether the password may go over a connection without TLS.</summary>
    public bool AllowCleartextPassword { get; init; }

    /// <summary>How long each step may take.</summary>
    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>Sees each command and reply.</summary>
    public ISmtpObserver? Observer { get; init; }
}

/// <summary>How long a server may take for each step: the minima of RFC 5321 §4.5.3.2, but for connecting, which it leaves open.</summary>
public sealed record SmtpTimeouts
{
    /// <summary>TCP's handshake with one address.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>TLS's handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The greeting (§4.5.3.2.1).</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A reply to a command: MAIL (§4.5.3.2.2), RCPT (§4.5.3.2.3), and those that the RFC does not name.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The reply to DATA (§4.5.3.2.4).</summary>
    public TimeSpan DataInitiation { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Taking a block of the message (§4.5.3.2.5).</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply to the end of the message (§4.5.3.2.6).</summary>
    public TimeSpan DataTermination { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The reply to QUIT: nothing hangs on it.</summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(2);
}

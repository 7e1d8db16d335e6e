using System.Collections.Immutable;
using System.Net;

namespace Pillarbox.Server;

/// <summary>What a listener is for.</summary>
public enum ListenerRole
{
    /// <summary>AUTH decides who may relay (RFC 6409).</summary>
    Submission,

    /// <summary>Mail for the server's own domains, from anybody.</summary>
    Inbound,

    /// <summary>Keeps everything, whomever it is for, and sends nothing on.</summary>
    Capture,

    /// <summary>As inbound, but by LMTP (RFC 2033): from a mail server close by, with a reply for each recipient.</summary>
    Lmtp,
}

/// <summary>Whether a listener speaks TLS.</summary>
public enum ListenerTls
{
    None,

    /// <summary>Offered by the STARTTLS command (RFC 3207).</summary>
    StartTls,

    /// <summary>From the first byte (RFC 8314 §3.3).</summary>
    Implicit,
}

/// <summary>Whether a listener's clients log in.</summary>
public enum ListenerAuth
{
    /// <summary>AUTH is not offered.</summary>
    None,

    /// <summary>Without it, mail for the server's own domains only.</summary>
    Optional,

    /// <summary>MAIL before AUTH gets 530 5.7.0.</summary>
    Required,
}

/// <summary>Whether clients show certificates in the TLS handshake.</summary>
public enum ClientCertificates
{
    /// <summary>They are not asked.</summary>
    None,

    /// <summary>One that does not count is as good as none.</summary>
    Optional,

    /// <summary>Without one that counts the handshake fails.</summary>
    Required,
}

/// <summary>What a bare CR or LF in a message means.</summary>
public enum BareNewlines
{
    /// <summary>The message is refused: 550 5.5.2.</summary>
    Reject,

    /// <summary>A bare LF becomes CRLF, and never ends a message; a bare CR is refused all the same.</summary>
    Normalize,
}

/// <summary>One address on which the server listens, and for whom.</summary>
public sealed record ListenerOptions
{
    /// <summary>What logs and figures call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>What it is for.</summary>
    public ListenerRole Role { get; init; } = ListenerRole.Inbound;

    /// <summary>Whether it speaks TLS.</summary>
    public ListenerTls Tls { get; init; }

    /// <summary>Whether its clients log in.</summary>
    public ListenerAuth Auth { get; init; }

    /// <summary>Whether AUTH is offered without TLS: on loopback, or where the network is trusted.</summary>
    public bool InsecureAuth { get; init; }

    /// <summary>The SASL mechanisms offered, in upper case; empty for all that the account source can verify.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary>Whether clients show certificates, by which they can log in (EXTERNAL).</summary>
    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>Whether an account that is limited to senders must be the author of its messages too, as From and Sender have it.</summary>
    public bool CheckFrom { get; init; }

    /// <summary>Whether Received names the account that logged in.</summary>
    public bool ReceivedAccount { get; init; }

    /// <summary>What a bare CR or LF in a message means.</summary>
    public BareNewlines BareNewlines { get; init; }

    /// <summary>Networks whose clients may relay without AUTH.</summary>
    public ImmutableArray<IPNetwork> RelayFrom { get; init; } = [];

    /// <summary>Networks that speak the PROXY protocol, version 1 or 2, ahead of everything else; who comes from there and does not is cut off.</summary>
    public ImmutableArray<IPNetwork> ProxyFrom { get; init; } = [];

    /// <summary>Networks that may speak for their clients with XCLIENT.</summary>
    public ImmutableArray<IPNetwork> XclientFrom { get; init; } = [];

    /// <summary>Networks whose clients may have what waits for a domain tried at once, with ETRN.</summary>
    public ImmutableArray<IPNetwork> EtrnFrom { get; init; } = [];

    /// <summary>Whether the DNS is asked at MAIL, and at RCPT for mail that goes on, for domains that take no mail (RFC 7505 §4).</summary>
    public bool RefuseNullMx { get; init; }

    /// <summary>Whether EXPN is answered; else it gets 252, whatever it asks.</summary>
    public bool Expand { get; init; }

    /// <summary>Whether VRFY is answered for the server's own domains; else it gets 252, whatever it asks.</summary>
    public bool Verify { get; init; }
}

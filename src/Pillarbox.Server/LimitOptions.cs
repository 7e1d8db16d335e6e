namespace Pillarbox.Server;

/// <summary>How much of anything a client may use. Each has a sane default.</summary>
public sealed record LimitOptions
{
    /// <summary>Octets of a message; one of exactly this size is accepted, a larger one gets 552 5.3.4.</summary>
    public long MessageSize { get; init; } = 50L << 20;

    /// <summary>Recipients of a message; more get 452 4.5.3.</summary>
    public int Recipients { get; init; } = 1000;

    /// <summary>Octets of a line in a message, without its CRLF; a longer one gets 554 5.6.0.</summary>
    public int TextLine { get; init; } = 64 << 10;

    /// <summary>Connections in all; past it 421 4.3.2 in place of the greeting.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Connections of one client address; past it 421 4.7.0.</summary>
    public int ConnectionsPerClient { get; init; } = 100;

    /// <summary>MAIL commands in a session, refused ones too; past it 421 4.7.0.</summary>
    public int Transactions { get; init; } = 10_000;

    /// <summary>
    /// Commands since the last message that carry none (NOOP, RSET without a transaction, VRFY, EXPN, ETRN, HELP, EHLO, HELO); each more
    /// counts as a bad one.
    /// </summary>
    public int Chatter { get; init; } = 100;

    /// <summary>Bad commands in a session; the last is answered, and 421 4.7.0 follows.</summary>
    public int Errors { get; init; } = 10;

    /// <summary>
    /// How long a client may take over a command, or be silent within a message; then 421 4.4.2. Renewed by each whole command and by
    /// whatever comes of a message.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far ahead a sender may put a message's release (RFC 4865).</summary>
    public TimeSpan FutureRelease { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a transaction may take, from MAIL to the end of the message; then 421 4.4.2.</summary>
    public TimeSpan Transaction { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long a TLS handshake may take, and a PROXY header; then the connection is cut.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Octets a second that must come of a message, over each span of <see cref="Idle"/>; slower gets 421 4.4.2.</summary>
    public long DataRate { get; init; } = 100;

    /// <summary>How long a transaction under way may take to end once the server is told to stop.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(30);
}

namespace Pillarbox.Protocol.Sasl;

/// <summary>What an exchange needs of the session that it runs in.</summary>
public sealed record SaslContext
{
    /// <summary>For tests and mechanisms that need nothing.</summary>
    public static readonly SaslContext None = new();

    /// <summary>Makes a fresh nonce: printable ASCII without a comma, of at least 128 bits that nobody can guess.</summary>
    public Func<string> Nonce { get; init; } = () => throw new InvalidOperationException("this exchange has no source of nonces");

    /// <summary>The server's name, for the challenge of CRAM-MD5.</summary>
    public string Hostname { get; init; } = "localhost";

    /// <summary>The hash of the server's certificate (tls-server-end-point, RFC 5929 §4); empty without TLS.</summary>
    public ReadOnlyMemory<byte> ServerEndPoint { get; init; }

    /// <summary>Whether the server offers PLUS mechanisms in this session, so that a client that could have used one and says not was misled (RFC 5802 §6).</summary>
    public bool OffersChannelBinding { get; init; }
}
